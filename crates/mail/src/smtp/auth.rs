//! Signing in (RFC 4954) with PLAIN (RFC 4616), LOGIN or XOAUTH2.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Phase, SmtpError, talk::Talk};
use crate::account::{Account, Proof, bearer};

/// Signs in. A password goes by PLAIN where it is offered, else by LOGIN, which some servers know alone.
pub(super) async fn sign_in(talk: &mut Talk, offered: &[String], account: &Account) -> Result<(), SmtpError> {
    let offers = |name: &str| offered.iter().any(|mechanism| mechanism == name);
    let user = &account.user;
    let steps = match &account.proof {
        Proof::Password(password) if offers("PLAIN") => {
            let answer = STANDARD.encode(format!("\0{user}\0{password}"));
            vec![format!("AUTH PLAIN {answer}\r\n")]
        }
        Proof::Password(password) if offers("LOGIN") => {
            let answer = |text: &str| format!("{}\r\n", STANDARD.encode(text));
            vec!["AUTH LOGIN\r\n".to_owned(), answer(user), answer(password)]
        }
        Proof::Password(_) => return Err(talk.missing(Phase::Auth, "AUTH PLAIN or LOGIN")),
        Proof::TokenFile(file) if offers("XOAUTH2") => {
            let answer = bearer(user, file).await.map_err(|error| {
                SmtpError::Options(format!("the token in {} cannot be read: {error}", file.display()))
            })?;
            vec![format!("AUTH XOAUTH2 {answer}\r\n")]
        }
        Proof::TokenFile(_) => return Err(talk.missing(Phase::Auth, "AUTH XOAUTH2")),
    };
    let last = steps.len() - 1;
    for (index, step) in steps.iter().enumerate() {
        talk.write(Phase::Auth, step.as_bytes()).await?;
        let mut reply = talk.reply(Phase::Auth).await?;
        if index == last && reply.code == 334 && matches!(account.proof, Proof::TokenFile(_)) {
            // A token that is not good is told by a question, whose empty answer brings the refusal itself.
            talk.write(Phase::Auth, b"\r\n").await?;
            reply = talk.reply(Phase::Auth).await?;
        }
        // 334 asks for the next step (RFC 4954, section 4).
        talk.require(Phase::Auth, reply, if index == last { 235 } else { 334 })?;
    }
    Ok(())
}
