//! A name server on loopback (RFC 1035) that answers from a table, over UDP, and over TCP what is too long for that.
//!
//! Threads and blocking sockets, as in [`crate::web`].

use std::{
    io::{self, Read, Write},
    net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    sync::Arc,
    thread,
};

use simple_dns::{
    CLASS, Name, Packet, PacketFlag, RCODE, ResourceRecord,
    rdata::{A, AAAA, CNAME, MX, PTR, RData, TXT},
};

/// Longest answer over UDP (RFC 1035, section 4.2.1).
const DATAGRAM: usize = 512;

/// Starts a name server that lasts as long as the process.
///
/// Each line of the table is a record: name, type and value, as in `example.org MX 10 mail.example.org`. A TXT value stands as
/// it is, and is cut into strings where it is long. The type `FAILS` has every question about the name fail.
///
/// # Panics
/// Where there is no loopback, or where the table is wrong.
#[must_use]
pub fn serve(table: &str) -> SocketAddr {
    let (udp, tcp) = sockets();
    let table: Arc<[Row]> = table.lines().filter_map(row).collect();
    let at = answer_datagrams(udp, table.clone());
    thread::spawn(move || {
        for stream in tcp.incoming().flatten() {
            let rows = table.clone();
            // Whoever breaks off is not answered.
            thread::spawn(move || answer_stream(stream, &rows));
        }
    });
    at
}

/// As [`serve`], but nobody listens for TCP.
///
/// # Panics
/// Where there is no loopback, or where the table is wrong.
#[must_use]
pub fn serve_datagrams(table: &str) -> SocketAddr {
    let (udp, _) = sockets();
    answer_datagrams(udp, table.lines().filter_map(row).collect())
}

fn answer_datagrams(socket: UdpSocket, rows: Arc<[Row]>) -> SocketAddr {
    let at = socket.local_addr().expect("a bound socket has an address");
    thread::spawn(move || while answer_datagram(&socket, &rows).is_ok() {});
    at
}

/// Starts a name server that lasts as long as the process, and never answers.
///
/// # Panics
/// Where there is no loopback.
#[must_use]
pub fn serve_nothing() -> SocketAddr {
    let (udp, tcp) = sockets();
    let at = udp.local_addr().expect("a bound socket has an address");
    thread::spawn(move || {
        let _held = (udp, tcp);
        loop {
            thread::park();
        }
    });
    at
}

/// Both protocols at one port.
fn sockets() -> (UdpSocket, TcpListener) {
    loop {
        let tcp = TcpListener::bind("127.0.0.1:0").expect("there is loopback");
        let at = tcp.local_addr().expect("a bound socket has an address");
        if let Ok(udp) = UdpSocket::bind(at) {
            return (udp, tcp);
        }
    }
}

/// Name in lower case, type, value.
type Row = (String, String, String);

fn row(line: &str) -> Option<Row> {
    let line = line.trim();
    let mut parts = line.splitn(3, ' ').map(|part| part.trim().to_owned());
    let name = parts.next().filter(|name| !name.is_empty())?;
    let row = parts.next().zip(parts.next().or(Some(String::new())));
    let (kind, value) = row.unwrap_or_else(|| panic!("no record: {line}"));
    Some((name.to_lowercase(), kind, value))
}

fn answer_datagram(socket: &UdpSocket, rows: &[Row]) -> io::Result<()> {
    let mut question = [0; DATAGRAM];
    let (length, from) = socket.recv_from(&mut question)?;
    let question = &question[..length];
    let mut answer = answer(question, rows);
    if answer.len() > DATAGRAM {
        answer = too_long(question);
    }
    socket.send_to(&answer, from).map(|_| ())
}

/// Over TCP each message follows its length (RFC 1035, section 4.2.2).
fn answer_stream(mut stream: TcpStream, rows: &[Row]) -> io::Result<()> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut question)?;
    let answer = answer(&question, rows);
    let length = u16::try_from(answer.len()).expect("answers of tests are short");
    stream.write_all(&length.to_be_bytes())?;
    stream.write_all(&answer)
}

/// Word that the answer has to be asked for over TCP (section 4.1.1, `TC`).
fn too_long(question: &[u8]) -> Vec<u8> {
    let mut reply = reply(question);
    reply.set_flags(PacketFlag::TRUNCATION);
    bytes(&reply)
}

fn answer(question: &[u8], rows: &[Row]) -> Vec<u8> {
    let mut reply = reply(question);
    let mut name = reply.questions[0].qname.to_string().to_lowercase();
    let asked = reply.questions[0].qtype;
    let is_known = rows.iter().any(|(owner, _, _)| *owner == name);
    *reply.rcode_mut() = if is_known {
        RCODE::NoError
    } else {
        RCODE::NameError
    };
    // An alias is followed, as servers do that answer whole questions.
    while let Some((owner, _, other)) = rows
        .iter()
        .find(|(owner, kind, _)| *owner == name && kind == "CNAME")
    {
        reply.answers.push(record(owner, "CNAME", other));
        name = other.to_lowercase();
    }
    for (owner, kind, value) in rows
        .iter()
        .filter(|(owner, kind, _)| *owner == name && kind != "CNAME")
    {
        if kind == "FAILS" {
            *reply.rcode_mut() = RCODE::ServerFailure;
            continue;
        }
        let record = record(owner, kind, value);
        if record.match_qtype(asked) {
            reply.answers.push(record);
        }
    }
    bytes(&reply)
}

fn reply(question: &[u8]) -> Packet<'_> {
    let question = Packet::parse(question).expect("a question");
    assert_eq!(question.questions.len(), 1, "one question at a time");
    question.into_reply()
}

fn bytes(reply: &Packet<'_>) -> Vec<u8> {
    reply
        .build_bytes_vec_compressed()
        .expect("the answer can be written")
}

fn record<'a>(owner: &'a str, kind: &str, value: &'a str) -> ResourceRecord<'a> {
    let name = |text: &'a str| Name::new(text).unwrap_or_else(|why| panic!("{text}: {why}"));
    let data = match (kind, value.parse()) {
        ("A", Ok(IpAddr::V4(address))) => RData::A(A::from(address)),
        ("AAAA", Ok(IpAddr::V6(address))) => RData::AAAA(AAAA::from(address)),
        ("CNAME", _) => RData::CNAME(CNAME(name(value))),
        ("MX", _) => {
            let (preference, host) = value.split_once(' ').expect("a preference and a host");
            RData::MX(MX {
                preference: preference.parse().expect("a preference is a number"),
                exchange: name(host),
            })
        }
        ("PTR", _) => RData::PTR(PTR(name(value))),
        ("TXT", _) => RData::TXT(TXT::try_from(value).expect("a text")),
        _ => panic!("no record: {owner} {kind} {value}"),
    };
    ResourceRecord::new(name(owner), CLASS::IN, 60, data)
}
