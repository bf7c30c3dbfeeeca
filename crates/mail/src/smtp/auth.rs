//! Signing in (RFC 4954) with PLAIN (RFC 4616) or LOGIN.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Phase, SmtpError, talk::Talk};

/// Signs in with PLAIN where it is offered, else with LOGIN, which some servers know alone.
pub(super) async fn sign_in(
    talk: &mut Talk,
    offered: &[String],
    user: &str,
    password: &str,
) -> Result<(), SmtpError> {
    let offers = |name: &str| offered.iter().any(|mechanism| mechanism == name);
    let steps = if offers("PLAIN") {
        let answer = STANDARD.encode(format!("\0{user}\0{password}"));
        vec![format!("AUTH PLAIN {answer}\r\n")]
    } else if offers("LOGIN") {
        let answer = |text: &str| format!("{}\r\n", STANDARD.encode(text));
        vec!["AUTH LOGIN\r\n".to_owned(), answer(user), answer(password)]
    } else {
        return Err(talk.missing(Phase::Auth, "AUTH PLAIN or LOGIN"));
    };
    let last = steps.len() - 1;
    for (index, step) in steps.iter().enumerate() {
        talk.write(Phase::Auth, step.as_bytes()).await?;
        let reply = talk.reply(Phase::Auth).await?;
        // 334 asks for the next step (RFC 4954, section 4).
        talk.require(Phase::Auth, reply, if index == last { 235 } else { 334 })?;
    }
    Ok(())
}
