//! How a mail server is reached that may have several addresses.

use std::{io, time::Duration};

use tokio::net::{TcpStream, ToSocketAddrs, lookup_host};

/// So long one address of a server may be silent before its next one is tried.
const NEXT_ADDRESS: Duration = Duration::from_secs(10);

/// Dials without a delay for small segments: a message is many of them, and each would wait for the last one's
/// acknowledgement. Of several addresses a silent one, such as that of a network without IPv6, does not hide the next.
pub(super) async fn dial(server: impl ToSocketAddrs) -> io::Result<TcpStream> {
    let mut addresses = lookup_host(server).await?.peekable();
    let mut failed = io::ErrorKind::AddrNotAvailable.into();
    while let Some(address) = addresses.next() {
        let connected = TcpStream::connect(address);
        let stream = match addresses.peek() {
            Some(_) => match tokio::time::timeout(NEXT_ADDRESS, connected).await {
                Ok(connected) => connected,
                Err(_) => Err(io::ErrorKind::TimedOut.into()),
            },
            None => connected.await,
        };
        match stream {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::net::{TcpListener, TcpSocket};

    use super::*;

    const LOOPBACK: &str = "127.0.0.1:0";
    /// Nobody else is given this port, as they may be one that was just closed.
    const CLOSED: &str = "127.0.0.1:1";

    /// A port of loopback that answers nobody: whom nobody accepts fills its short queue.
    async fn silent() -> (SocketAddr, TcpListener, Vec<TcpStream>) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(LOOPBACK.parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queue = Vec::new();
        let wait = Duration::from_millis(300);
        while let Ok(connected) = tokio::time::timeout(wait, TcpStream::connect(address)).await {
            queue.push(connected.unwrap());
            assert!(queue.len() < 100, "its queue has no end");
        }
        (address, listener, queue)
    }

    #[tokio::test]
    async fn an_address_that_is_silent_or_closed_does_not_hide_the_next() {
        let (silent, _listener, _queue) = silent().await;
        let open = TcpListener::bind(LOOPBACK).await.unwrap();
        let open_at = open.local_addr().unwrap();
        tokio::time::pause();
        let began = tokio::time::Instant::now();
        let reached = dial(&[CLOSED.parse().unwrap(), silent, open_at][..])
            .await
            .unwrap();
        assert_eq!(reached.peer_addr().unwrap(), open_at);
        assert_eq!(began.elapsed().as_secs(), NEXT_ADDRESS.as_secs());
        assert!(reached.nodelay().unwrap());
    }

    #[tokio::test]
    async fn where_no_address_answers_the_last_one_says_why() {
        let closed: SocketAddr = CLOSED.parse().unwrap();
        let failed = dial(&[closed, closed][..]).await.unwrap_err();
        assert_eq!(failed.kind(), io::ErrorKind::ConnectionRefused);
    }
}
