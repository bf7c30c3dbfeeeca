//! Two hundred sources that are broken in every way, among fifty that are well: none of the well is late, and each fault
//! is told in words.

use std::{io::Write, time::Duration};

use reveille_testkit::web::{self, Web, answer, keep_silent, repeat, reset_after};

use crate::program::Folder;

const BROKEN: usize = 200;
const WELL: usize = 50;
const MOMENT: Duration = Duration::from_millis(50);

/// Limits that let the run end in seconds. A third of the time for a page is for its connection and two thirds are for the header:
/// enough for whoever answers at once, on a machine with other things to do.
const LIMITS: [&str; 4] = [
    "gather.allow_networks=127.0.0.0/8",
    "gather.host_delay_millis=0",
    "gather.timeout_seconds=18",
    "gather.max_page_mib=1",
];

const FEED: &str = "<rss version=\"2.0\"><channel><title>News</title></channel></rss>";

/// One kind of fault: how a source of that kind is made, and what is told of it.
struct Fault {
    words: &'static str,
    make: fn(&Web, &str) -> String,
}

const fn fault(words: &'static str, make: fn(&Web, &str) -> String) -> Fault {
    Fault { words, make }
}

/// A site whose every answer is this.
fn says(web: &Web, name: &str, status: &'static str, headers: &'static str, body: &'static [u8]) -> String {
    web.site(name, "/feed", move |_, stream| {
        answer(stream, status, headers, body)
    })
}

/// A site that sends these bytes, whatever they are, and ends the connection.
fn blurts(web: &Web, name: &str, bytes: &'static [u8]) -> String {
    web.site(name, "/feed", move |_, stream| {
        stream.write_all(bytes)?;
        Err(std::io::ErrorKind::ConnectionAborted.into())
    })
}

fn resets(name: &str, bytes: &'static [u8]) -> String {
    let port = web::raw(move |stream| reset_after(stream, bytes));
    format!("http://{name}.localhost:{port}/feed")
}

/// A packed feed that unpacks to 20 MB: what the brotli library makes of as many zero bytes.
const BOMB: &[u8] =
    b"\xcb\xff\xff\x3f\xf8\x27\x00\xe2\xb1\x40\x20\xf7\xfe\x8f\xff\xff\x7f\xf0\x4f\x00\xc4\x61\x11\
    \x80\xee\xfd\x5f\xfe\xb3\xc4\xe0\x9f\x00\x88\xc3\x02\x00\x5d\x92\x18";

const FAULTS: &[Fault] = &[
    // Slow and endless.
    fault("did not answer within 12 s", |web, name| {
        web.site(name, "/feed", |_, stream| keep_silent(stream))
    }),
    fault("did not answer within 12 s", |web, name| {
        web.site(name, "/feed", |_, stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nX-Slow: ")?;
            repeat(stream, b"a", MOMENT)
        })
    }),
    fault("sent only ", |web, name| {
        web.site(name, "/feed", |_, stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<rss>")?;
            keep_silent(stream)
        })
    }),
    fault("sent only ", |web, name| {
        web.site(name, "/feed", |_, stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n<rss>")?;
            repeat(stream, b" ", MOMENT)
        })
    }),
    fault("larger than 1 MiB", |web, name| {
        web.site(name, "/feed", |_, stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n<rss>")?;
            repeat(stream, &[b' '; 65_536], Duration::ZERO)
        })
    }),
    fault("header of", |web, name| {
        web.site(name, "/feed", |_, stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
            repeat(stream, b"X-More: and more\r\n", Duration::ZERO)
        })
    }),
    // Huge.
    fault("larger than 1 MiB", |web, name| {
        blurts(
            web,
            name,
            b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n<rss>",
        )
    }),
    fault("larger than 1 MiB", |web, name| {
        says(web, name, "200 OK", "Content-Encoding: br\r\n", BOMB)
    }),
    // Looping and leading astray.
    fault("redirects in a circle", |web, name| {
        says(web, name, "301 Moved", "Location: /feed\r\n", b"")
    }),
    fault("redirects more than 8 times", |web, name| {
        web.site(name, "/0", |request, stream| {
            let next = request.path[1..].parse::<u32>().unwrap_or(0) + 1;
            answer(stream, "302 Found", &format!("Location: /{next}\r\n"), b"")
        })
    }),
    fault("is not on the open web", |web, name| {
        says(web, name, "302 Found", "Location: http://10.0.0.1/feed\r\n", b"")
    }),
    fault("which is not a web address", |web, name| {
        says(
            web,
            name,
            "302 Found",
            "Location: mailto:ann@example.org\r\n",
            b"",
        )
    }),
    // Lying about length, packing and kind.
    fault("connection broke", |web, name| {
        blurts(web, name, b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<rss>")
    }),
    fault("this is plain text, not a feed", |web, name| {
        blurts(
            web,
            name,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<rss version=\"2.0\">",
        )
    }),
    fault("came damaged", |web, name| {
        says(
            web,
            name,
            "200 OK",
            "Content-Encoding: gzip\r\n",
            b"no gzip at all",
        )
    }),
    fault("connection broke", |web, name| {
        blurts(
            web,
            name,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<rss>",
        )
    }),
    fault("image/png, which is no text", |web, name| {
        says(
            web,
            name,
            "200 OK",
            "Content-Type: image/png\r\n",
            FEED.as_bytes(),
        )
    }),
    fault("this is a web page, not a feed", |web, name| {
        says(
            web,
            name,
            "200 OK",
            "Content-Type: application/rss+xml\r\n",
            b"<html><body>Soon</body></html>",
        )
    }),
    fault("the document is empty", |web, name| {
        says(web, name, "200 OK", "", b"")
    }),
    fault("not a feed", |web, name| {
        says(
            web,
            name,
            "200 OK",
            "Content-Type: text/xml\r\n",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        )
    }),
    // Lying about the charset, which is forgiven and told.
    fault("well, but not sound: ", |web, name| {
        says(
            web,
            name,
            "200 OK",
            "Content-Type: text/xml; charset=utf-8\r\n",
            b"<rss><channel><title>Caf\xe9</title><item><title>\xe9</title></item></channel></rss>",
        )
    }),
    // Statuses.
    fault("no such page (status 404)", |web, name| {
        says(web, name, "404 Not Found", "", b"")
    }),
    fault("gone for good (status 410)", |web, name| {
        says(web, name, "410 Gone", "", b"")
    }),
    fault("asked too often (status 429)", |web, name| {
        says(web, name, "429 Too Many Requests", "Retry-After: 3600\r\n", b"")
    }),
    fault("overloaded or being mended (status 503)", |web, name| {
        says(web, name, "503 Service Unavailable", "", b"")
    }),
    fault("elsewhere without saying where (status 304)", |web, name| {
        says(web, name, "304 Not Modified", "", b"")
    }),
    // Reset at each phase.
    fault("connection broke", |_, name| resets(name, b"")),
    fault("connection broke", |_, name| {
        resets(name, b"HTTP/1.1 200 OK\r\nContent-")
    }),
    fault("connection broke", |_, name| {
        resets(name, b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<rss>")
    }),
    fault("refused the connection", |_, name| {
        // Bound and not listening: it refuses, and no other test is given the port meanwhile.
        let socket = Box::leak(Box::new(tokio::net::TcpSocket::new_v4().unwrap()));
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        format!(
            "http://{name}.localhost:{}/feed",
            socket.local_addr().unwrap().port()
        )
    }),
    // Other protocols, and TLS that is none.
    fault("did not answer as a web server does", |web, name| {
        blurts(web, name, b"SSH-2.0-OpenSSH_9.2\r\n")
    }),
    fault("could not agree on an encrypted connection", |_, name| {
        let port = web::raw(|mut stream| drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")));
        format!("https://{name}.localhost:{port}/feed")
    }),
    fault("did not accept a connection within 6 s", |_, name| {
        let port = web::raw(|mut stream| drop(keep_silent(&mut stream)));
        format!("https://{name}.localhost:{port}/feed")
    }),
    fault("connection", |_, name| {
        let port = web::raw(|stream| reset_after(stream, b"\x16\x03\x03"));
        format!("https://{name}.localhost:{port}/feed")
    }),
];

#[test]
fn two_hundred_broken_sources_hold_up_none_of_the_others() {
    let (folder, web) = (Folder::new(), Web::start());
    let mut outlines = String::new();
    let mut add = |name: &str, url: &str| outlines += &format!("<outline text=\"{name}\" xmlUrl=\"{url}\"/>");
    let mut expected = Vec::new();
    for (number, fault) in (0..BROKEN).zip(FAULTS.iter().cycle()) {
        let name = format!("broken-{number:03}");
        add(&name, &(fault.make)(&web, &name));
        expected.push((name, fault.words));
    }
    // The well come last, so that all the broken stand before them in the queue.
    for number in 0..WELL {
        let name = format!("well-{number:02}");
        let url = says(
            &web,
            &name,
            "200 OK",
            "Content-Type: application/rss+xml\r\n",
            FEED.as_bytes(),
        );
        add(&name, &url);
    }
    let opml = format!("<opml version=\"2.0\"><body>{outlines}</body></opml>");
    folder.write("all.opml", &opml);
    let run = |arguments: &[&str]| {
        let settings = LIMITS
            .iter()
            .chain(&["log.filter=error"])
            .flat_map(|setting| ["--set", setting]);
        folder.ok(&settings.chain(arguments.iter().copied()).collect::<Vec<_>>())
    };
    run(&["--now", "2026-03-10T04:00:00Z", "sources", "import", "all.opml"]);
    run(&["--now", "2026-03-10T04:01:00Z", "gather"]);

    let listed = run(&["sources", "list"]);
    let line = |name: &str| listed.lines().find(|line| line.starts_with(name)).unwrap();
    let untold: Vec<_> = expected
        .iter()
        .filter(|(name, words)| !line(name).contains(words))
        .map(|(name, words)| format!("expected “{words}”: {}", line(name)))
        .collect();
    assert!(untold.is_empty(), "{}", untold.join("\n"));
    for number in 0..WELL {
        assert!(line(&format!("well-{number:02}")).ends_with("  well"), "{listed}");
    }

    // The next time the broken are known: they leave room, and the well have all been asked before the broken are through.
    web.settle();
    let before = web.log().len();
    run(&["--now", "2026-03-10T09:00:00Z", "gather"]);
    let asked = web.log().split_off(before);
    let last = |kind: &str| asked.iter().rposition(|request| request.host.starts_with(kind));
    let wells = asked
        .iter()
        .filter(|request| request.host.starts_with("well"))
        .count();
    assert_eq!(wells, WELL);
    assert!(last("well") < last("broken"), "the well waited for the broken");
    for (name, _) in expected.iter().filter(|(_, words)| words.contains("status 410")) {
        let host = format!("{name}.localhost");
        assert!(asked.iter().all(|request| request.host != host), "{name} is gone");
    }
    assert_eq!(web.most_at_once(), 1, "two requests at one host at once");
}
