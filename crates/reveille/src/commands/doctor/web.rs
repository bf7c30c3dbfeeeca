//! Whether the web pages can be served, or already are.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use anyhow::{Context, bail};
use reveille_gather::{Accept, Gatherer, Limits, Options};
use reveille_model::Clock;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::config::Web;

/// How long a program on this machine is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn check(web: &Web, clock: Clock) -> anyhow::Result<String> {
    let listen = web.listen;
    match TcpListener::bind(listen).await {
        Ok(_) => Ok(format!("{listen} is free; readers come by {}", web.public_url)),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => match is_reveille(listen, clock).await {
            true => Ok(format!(
                "Reveille serves on {listen}; readers come by {}",
                web.public_url
            )),
            false => {
                bail!("another program has {listen}: end it, or give these pages another port (`web.listen`)")
            }
        },
        Err(error) => Err(error).with_context(|| format!("cannot listen on {listen}: look at `web.listen`")),
    }
}

/// Whether the program at an address of this machine says that it is Reveille.
async fn is_reveille(listen: SocketAddr, clock: Clock) -> bool {
    let here = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        named => named,
    };
    let options = Options {
        allow: here.to_string().parse().into_iter().collect(),
        limits: Limits {
            connect: PATIENCE,
            header: PATIENCE,
            total: PATIENCE,
            ..Limits::default()
        },
        ..Options::default()
    };
    let address = format!("http://{}/api/openapi.json", SocketAddr::new(here, listen.port()));
    let (Ok(gatherer), Ok(address)) = (Gatherer::new(&options, clock), address.parse()) else {
        return false;
    };
    let answer = gatherer.read(address, Accept::Json).await;
    let told = answer
        .ok()
        .and_then(|page| serde_json::from_slice::<Value>(&page.body).ok());
    told.is_some_and(|told| told["info"]["title"] == "Reveille")
}
