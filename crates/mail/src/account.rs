//! Who signs in at a mail server, and by what.

use std::{
    io,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};

/// Who signs in, and by what.
#[derive(Clone)]
pub struct Account {
    /// The user's name.
    pub user: String,
    /// What proves it.
    pub proof: Proof,
}

/// What proves who we are.
#[derive(Clone)]
pub enum Proof {
    /// A password.
    Password(String),
    /// An access token, by XOAUTH2. It is good for an hour or so, so that the file is read for each connection; whatever
    /// puts new ones there is no part of this.
    TokenFile(PathBuf),
}

/// What XOAUTH2 says first, in base64: the user, and the token that a file holds now.
///
/// # Errors
/// Where the file cannot be read.
pub(crate) async fn bearer(user: &str, file: &Path) -> io::Result<String> {
    let token = tokio::fs::read_to_string(file).await?;
    Ok(STANDARD.encode(format!("user={user}\x01auth=Bearer {}\x01\x01", token.trim())))
}
