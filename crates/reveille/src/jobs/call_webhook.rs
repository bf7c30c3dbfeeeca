//! event → whoever wants to hear of it, signed as Standard Webhooks say (standardwebhooks.com, version 1).

use anyhow::Context;
use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_STANDARD};
use reveille_model::{CallId, UnixMillis};
use reveille_store::{
    briefs, editions,
    jobs::Job,
    subscribers,
    webhooks::{self, Call, Webhook},
};
use serde_json::{Value, json};

use super::{Ended, commit, id_of};
use crate::app::App;

/// With what a secret begins, so that people and scanners know one.
pub(crate) const SECRET_PREFIX: &str = "whsec_";

/// How long a call that was not taken rests before each further try, in milliseconds: the pauses that Standard Webhooks
/// propose, three days in all.
const PAUSES: [i64; 9] = {
    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;
    [
        5_000,
        5 * MINUTE,
        30 * MINUTE,
        2 * HOUR,
        5 * HOUR,
        10 * HOUR,
        14 * HOUR,
        20 * HOUR,
        24 * HOUR,
    ]
};

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = CallId(id_of(job)?);
    let Some(call) = webhooks::find_call(&app.store, id).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let Some(webhook) = webhooks::find(&app.store, call.webhook).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let told = tell(app, &webhook, &call).await;
    let mut tx = app.store.begin().await?;
    match told {
        Ok(()) => webhooks::taken(&mut tx, id, app.now()).await?,
        Err(error) => {
            let pause = PAUSES.get(usize::try_from(call.tries).unwrap_or(usize::MAX));
            let again = pause.map(|pause| app.now().plus(*pause));
            webhooks::put_off(&mut tx, id, &format!("{error:#}"), again).await?;
        }
    }
    commit(app, tx, job).await
}

/// Makes one call.
///
/// # Errors
/// Where it is not taken.
pub(crate) async fn tell(app: &App, webhook: &Webhook, call: &Call) -> anyhow::Result<()> {
    let body = json!({
        "type": call.event,
        "timestamp": call.at.to_string(),
        "data": subject(app, call).await?,
    });
    let body = body.to_string();
    let id = format!("msg_{}", call.id);
    // The receiver compares it with its own clock, so it is that of this try.
    let seconds = (app.now().0 / 1_000).to_string();
    let signature = signature(&webhook.secret, &id, &seconds, &body)?;
    let headers = [
        ("content-type", "application/json"),
        ("webhook-id", id.as_str()),
        ("webhook-timestamp", &seconds),
        ("webhook-signature", &signature),
    ];
    Ok(app.gatherer.post_body(&webhook.url, &headers, body).await?)
}

fn signature(secret: &str, id: &str, seconds: &str, body: &str) -> anyhow::Result<String> {
    let key = secret.strip_prefix(SECRET_PREFIX).unwrap_or(secret);
    let key = BASE64_STANDARD
        .decode(key)
        .context("the webhook's secret is not base64")?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let tag = hmac::sign(&key, format!("{id}.{seconds}.{body}").as_bytes());
    Ok(format!("v1,{}", BASE64_STANDARD.encode(tag.as_ref())))
}

/// Whom or what an event is about, as it is now; nothing where it is gone.
async fn subject(app: &App, call: &Call) -> anyhow::Result<Value> {
    if let Some(id) = call.subscriber
        && let Some(reader) = subscribers::find(&app.store, id).await?
        && let Some(stored) = briefs::find(&app.store, reader.brief).await?
    {
        return Ok(json!({
            "id": reader.id,
            "brief": stored.brief.slug,
            "email": reader.email,
            "state": reader.state,
        }));
    }
    if let Some(id) = call.edition
        && let Some(stored) = editions::find(&app.store, id).await?
    {
        return Ok(json!({
            "brief": stored.edition.slug,
            "day": stored.edition.day,
            "sent_at": stored.sent_at.map(|at: UnixMillis| at.to_string()),
        }));
    }
    Ok(json!({}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_signed_as_the_published_example_is() {
        // The example of the specification, under "Signature scheme".
        let secret = "whsec_plJ3nmyCDGBKInavdOK15jsl";
        let body = r#"{"event_type":"ping","data":{"success":true}}"#;
        let signed = signature(secret, "msg_loFOjxBNrRLzqYUf", "1731705121", body).unwrap();
        assert_eq!(signed, "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=");
    }
}
