//! Which program sent a request, and what it may do.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use reveille_model::Scope;
use reveille_store::tokens::{self, Token};

use super::Problem;
use crate::Shared;

/// A program that showed a good token.
pub(crate) struct Program(pub(crate) Token);

impl Program {
    /// That it may do this.
    pub(crate) fn may(&self, scope: Scope) -> Result<(), Problem> {
        if self.0.scopes.contains(&scope) {
            return Ok(());
        }
        let detail = format!("This takes a token with the scope `{scope}`.");
        Err(Problem::new(StatusCode::FORBIDDEN, "The token does not let you do this.").detail(detail))
    }
}

impl FromRequestParts<Shared> for Program {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Problem> {
        let unknown = || {
            let detail = "Send `Authorization: Bearer …`; `reveille tokens add` makes a token.";
            Problem::new(StatusCode::UNAUTHORIZED, "This takes a token that is good.").detail(detail)
        };
        let sent = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|sent| sent.to_str().ok());
        let (scheme, token) = sent.and_then(|sent| sent.split_once(' ')).ok_or_else(unknown)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(unknown());
        }
        let desk = &shared.desk;
        let found = tokens::find(&desk.store, token.trim())
            .await?
            .ok_or_else(unknown)?;
        tokens::touch(&desk.store, &found, desk.clock.now()).await?;
        Ok(Self(found))
    }
}
