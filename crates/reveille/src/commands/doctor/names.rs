//! Asks name servers (RFC 1035): over UDP, and what does not fit there over TCP.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use simple_dns::{
    CLASS, Name, Packet, PacketFlag, Question, RCODE, TYPE, header_buffer,
    rdata::{PTR, RData},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
    time::timeout,
};

use crate::entropy;

/// How long one server is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often all of them are asked in turn: datagrams are lost now and then.
const ROUNDS: usize = 2;
/// As many of those in `/etc/resolv.conf` are asked (resolv.conf(5), `MAXNS`).
const MOST: usize = 3;
/// A message's fixed part (section 4.1.1); its question follows.
const HEADER: usize = 12;
/// Longest message over UDP (section 4.2.1).
const DATAGRAM: usize = 512;

/// Whom to ask, in this order. They must look names up for others, as those of a machine or a network do.
pub(super) struct NameServers(Vec<SocketAddr>);

/// Why nothing is known about a name. That a name or record does not exist is no error, but an empty answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum AskError {
    #[error(
        "no name server answered ({0}): name one in `mail.resolver`, and see that this machine may ask it"
    )]
    Silence(String),
    #[error(
        "the name server {0} has more to say of {1} than fits UDP (port 53), and does not answer over TCP: let this machine ask it \
         over both, or name another in `mail.resolver`"
    )]
    Cut(SocketAddr, String),
    #[error(
        "the name servers can say nothing of {0} ({1:?}): look at those of that domain, or try again later"
    )]
    Failed(String, RCODE),
    #[error("`{0}` is no name that can be asked about")]
    Name(String),
}

impl NameServers {
    /// The one that the settings name, or else the system's.
    pub(super) fn new(named: Option<SocketAddr>) -> Self {
        let system = || listed(&std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default());
        Self(named.map_or_else(system, |server| vec![server]))
    }

    /// The TXT records of a name, the strings of each joined.
    pub(super) async fn texts(&self, name: &str) -> Result<Vec<String>, AskError> {
        let text = |data: &RData<'_>| match data {
            RData::TXT(text) => text.clone().try_into().ok(),
            _ => None,
        };
        self.ask(name, TYPE::TXT, text).await
    }

    /// The mail servers of a domain, each with its preference; of a null MX (RFC 7505) the name is empty.
    pub(super) async fn mail_servers(&self, domain: &str) -> Result<Vec<(u16, String)>, AskError> {
        let server = |data: &RData<'_>| match data {
            RData::MX(mx) => Some((mx.preference, mx.exchange.to_string())),
            _ => None,
        };
        self.ask(domain, TYPE::MX, server).await
    }

    /// The addresses of a host.
    pub(super) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, AskError> {
        let address = |data: &RData<'_>| match data {
            RData::A(v4) => Some(IpAddr::V4(Ipv4Addr::from_bits(v4.address))),
            RData::AAAA(v6) => Some(IpAddr::V6(Ipv6Addr::from_bits(v6.address))),
            _ => None,
        };
        let (v4, v6) = tokio::join!(
            self.ask(host, TYPE::A, address),
            self.ask(host, TYPE::AAAA, address)
        );
        Ok([v4?, v6?].concat())
    }

    /// The names of an address.
    pub(super) async fn names(&self, address: IpAddr) -> Result<Vec<String>, AskError> {
        let name = |data: &RData<'_>| match data {
            RData::PTR(PTR(name)) => Some(name.to_string()),
            _ => None,
        };
        self.ask(&reverse(address), TYPE::PTR, name).await
    }

    /// What `read` makes of the records that answer; of an alias, those of the name behind it.
    async fn ask<T>(
        &self,
        name: &str,
        kind: TYPE,
        read: impl Fn(&RData<'_>) -> Option<T>,
    ) -> Result<Vec<T>, AskError> {
        let question = question(name, kind).ok_or_else(|| AskError::Name(name.to_owned()))?;
        let mut failure = None;
        for server in self.0.repeat(ROUNDS) {
            let Ok(Ok(mut answer)) = timeout(PATIENCE, exchange(server, &question)).await else {
                continue;
            };
            if header_buffer::has_flags(&answer, PacketFlag::TRUNCATION) == Ok(true) {
                let Ok(Ok(whole)) = timeout(PATIENCE, exchange_by_tcp(server, &question)).await else {
                    failure = Some(AskError::Cut(server, name.to_owned()));
                    continue;
                };
                answer = whole;
            }
            let Ok(answer) = Packet::parse(&answer) else {
                continue;
            };
            match answer.rcode() {
                RCODE::NoError | RCODE::NameError => {
                    let records = answer.answers.iter();
                    return Ok(records.filter_map(|record| read(&record.rdata)).collect());
                }
                other => failure = Some(AskError::Failed(name.to_owned(), other)),
            }
        }
        Err(failure.unwrap_or_else(|| {
            let asked: Vec<String> = self.0.iter().map(ToString::to_string).collect();
            AskError::Silence(asked.join(", "))
        }))
    }
}

/// The servers that `/etc/resolv.conf` lists; without any, the one on this machine (resolv.conf(5)).
fn listed(text: &str) -> Vec<SocketAddr> {
    let server = |line: &str| {
        let mut words = line.split_whitespace();
        let address: IpAddr = words
            .next()
            .filter(|word| *word == "nameserver")
            .and_then(|_| words.next())?
            .parse()
            .ok()?;
        Some(SocketAddr::from((address, 53)))
    };
    let servers: Vec<SocketAddr> = text.lines().filter_map(server).take(MOST).collect();
    match servers.is_empty() {
        true => vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 53))],
        false => servers,
    }
}

/// A message that asks for the records of a name, to be found on the asker's behalf.
fn question(name: &str, kind: TYPE) -> Option<Vec<u8>> {
    // Who guesses the number and the port could answer in the server's place.
    let mut packet = Packet::new_query(entropy::bits().ok()? as u16);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    // Some servers repeat a question in lower case, which is no other name (section 2.3.3).
    let name = name.to_ascii_lowercase();
    let question = Question::new(Name::new(&name).ok()?, kind.into(), CLASS::IN.into(), false);
    packet.questions.push(question);
    packet.build_bytes_vec().ok()
}

async fn exchange(server: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    let any = match server {
        SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(server).await?;
    socket.send(question).await?;
    let mut buffer = [0; DATAGRAM];
    loop {
        let length = socket.recv(&mut buffer).await?;
        let answer = &buffer[..length];
        if is_answer(answer, question) {
            return Ok(answer.to_vec());
        }
    }
}

/// Over TCP each message follows its length (section 4.2.2).
async fn exchange_by_tcp(server: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await?;
    let length = (question.len() as u16).to_be_bytes();
    stream.write_all(&[&length, question].concat()).await?;
    let mut answer = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut answer).await?;
    match is_answer(&answer, question) {
        true => Ok(answer),
        false => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// Whether it has the question's number and repeats the question.
fn is_answer(answer: &[u8], question: &[u8]) -> bool {
    answer.get(..2) == question.get(..2)
        && header_buffer::has_flags(answer, PacketFlag::RESPONSE).unwrap_or(false)
        && answer.get(HEADER..question.len()) == question.get(HEADER..)
}

/// The name under which an address has its names (section 3.5; RFC 3596, section 2.5).
fn reverse(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(v6) => {
            let digits = format!("{:032x}", v6.to_bits());
            let digits: String = digits.chars().rev().flat_map(|digit| [digit, '.']).collect();
            format!("{digits}ip6.arpa")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use reveille_testkit::names::{serve, serve_datagrams, serve_nothing};
    use simple_dns::ResourceRecord;

    use super::*;

    #[test]
    fn the_systems_servers_are_listed() {
        let text = "# nameserver 192.0.2.9\nsearch example.org\nnameserver 192.0.2.1\n\tnameserver  2001:db8::1 # ours\n\
                    nameserver here\nnameserver fe80::1%eth0\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n";
        let listed: Vec<String> = listed(text).iter().map(ToString::to_string).collect();
        assert_eq!(listed, ["192.0.2.1:53", "[2001:db8::1]:53", "192.0.2.3:53"]);
        assert_eq!(super::listed("options edns0")[0].to_string(), "127.0.0.1:53");
    }

    #[test]
    fn addresses_have_a_name_of_their_own() {
        let name = |address: &str| reverse(address.parse().unwrap());
        assert_eq!(name("192.0.2.7"), "7.2.0.192.in-addr.arpa");
        let v6 = name("2001:db8::7");
        assert!(
            v6.starts_with("7.0.0.0.") && v6.ends_with(".8.b.d.0.1.0.0.2.ip6.arpa"),
            "{v6}"
        );
    }

    #[tokio::test]
    async fn records_are_asked_for_by_either_protocol() {
        let long = "x".repeat(700);
        let table = format!(
            "news.example TXT {long}\nalias.example CNAME news.example\nnews.example MX 10 mx.example\nnull.example MX 0 .\n\
             news.example A 192.0.2.1\nnews.example AAAA 2001:db8::1\n1.2.0.192.in-addr.arpa PTR news.example\nlost.example FAILS"
        );
        let servers = NameServers(vec![serve(&table)]);
        // What is too long for a datagram comes by TCP.
        assert_eq!(servers.texts("News.example").await.unwrap(), [long.as_str()]);
        assert_eq!(servers.texts("alias.example").await.unwrap(), [long.as_str()]);
        let found = servers.mail_servers("news.example").await.unwrap();
        assert_eq!(found, [(10, "mx.example".to_owned())]);
        assert_eq!(
            servers.mail_servers("null.example").await.unwrap(),
            [(0, String::new())]
        );
        let found = servers.addresses("news.example").await.unwrap();
        assert_eq!(
            found,
            [
                "192.0.2.1".parse::<IpAddr>().unwrap(),
                "2001:db8::1".parse().unwrap()
            ]
        );
        assert_eq!(servers.names(found[0]).await.unwrap(), ["news.example"]);
        assert!(servers.texts("nobody.example").await.unwrap().is_empty());
        let failed = servers.texts("lost.example").await.unwrap_err();
        assert!(
            matches!(failed, AskError::Failed(_, RCODE::ServerFailure)),
            "{failed}"
        );
    }

    #[tokio::test]
    async fn silence_is_told_from_an_empty_answer_and_the_next_server_is_asked() {
        let (silent, well) = (serve_nothing(), serve("news.example A 192.0.2.1"));
        let found = NameServers(vec![silent, well]).addresses("news.example").await;
        assert_eq!(found.unwrap().len(), 1);
        let none = NameServers(vec![silent]).texts("news.example").await.unwrap_err();
        assert!(
            matches!(&none, AskError::Silence(asked) if *asked == silent.to_string()),
            "{none}"
        );
    }

    #[tokio::test]
    async fn an_answer_that_is_cut_is_no_silence() {
        let server = serve_datagrams(&format!("news.example TXT {}", "x".repeat(700)));
        let cut = NameServers(vec![server]).texts("news.example").await.unwrap_err();
        assert!(matches!(&cut, AskError::Cut(by, _) if *by == server), "{cut}");
        assert!(cut.to_string().contains("does not answer over TCP"), "{cut}");
    }

    #[tokio::test]
    async fn only_the_answer_to_the_question_counts() {
        let socket = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let server = socket.local_addr().unwrap();
        thread::spawn(move || {
            let mut asked = [0; DATAGRAM];
            while let Ok((length, from)) = socket.recv_from(&mut asked) {
                let asked = &asked[..length];
                let answer = |address: [u8; 4], change: &dyn Fn(&mut Vec<u8>)| {
                    let mut reply = Packet::parse(asked).unwrap().into_reply();
                    let name = Name::new("news.example").unwrap();
                    let data = RData::A(Ipv4Addr::from(address).into());
                    reply.answers.push(ResourceRecord::new(name, CLASS::IN, 60, data));
                    let mut bytes = reply.build_bytes_vec().unwrap();
                    change(&mut bytes);
                    socket.send_to(&bytes, from).unwrap();
                };
                answer([192, 0, 2, 1], &|bytes| bytes[0] ^= 1);
                // "newt.example"
                answer([192, 0, 2, 2], &|bytes| bytes[HEADER + 4] = b't');
                socket.send_to(asked, from).unwrap();
                answer([192, 0, 2, 3], &|_| {});
            }
        });
        let a_record = |data: &RData<'_>| match data {
            RData::A(v4) => Some(Ipv4Addr::from_bits(v4.address)),
            _ => None,
        };
        let found = NameServers(vec![server])
            .ask("news.example", TYPE::A, a_record)
            .await;
        assert_eq!(found.unwrap(), [Ipv4Addr::new(192, 0, 2, 3)]);
    }

    #[test]
    fn names_are_asked_for_in_lower_case() {
        let [upper, lower] = ["News.Example", "news.example"].map(|name| question(name, TYPE::TXT).unwrap());
        assert_eq!(upper[HEADER..], lower[HEADER..]);
    }
}
