//! Where something listens, as the settings write it: `127.0.0.1:8080`, or the address alone.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

/// An address with a port: `PORT`, where none is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Endpoint<const PORT: u16>(pub(super) SocketAddr);

impl<const PORT: u16> FromStr for Endpoint<PORT> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        let alone = || {
            bare.unwrap_or(text)
                .parse()
                .map(|address: IpAddr| (address, PORT).into())
        };
        text.parse().or_else(|_| alone()).map(Self).map_err(|_| {
            format!(
                "expected an IP address and a port, such as 127.0.0.1:{PORT} or [::1]:{PORT}; without a port, {PORT} is meant"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_alone_has_the_usual_port() {
        for (written, meant) in [
            ("127.0.0.1:9000", "127.0.0.1:9000"),
            ("0.0.0.0", "0.0.0.0:8080"),
            ("::1", "[::1]:8080"),
            ("[::1]", "[::1]:8080"),
            ("[::1]:25", "[::1]:25"),
        ] {
            assert_eq!(
                written.parse(),
                Ok(Endpoint::<8080>(meant.parse().unwrap())),
                "{written}"
            );
        }
        for wrong in [
            "",
            "8080",
            ":8080",
            "localhost:8080",
            "127.0.0.1:99999",
            "[127.0.0.1",
        ] {
            let told = wrong.parse::<Endpoint<8080>>().unwrap_err();
            assert!(
                told.contains("such as 127.0.0.1:8080 or [::1]:8080"),
                "{wrong}: {told}"
            );
        }
    }
}
