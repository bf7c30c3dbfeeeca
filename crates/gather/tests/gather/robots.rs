//! The cases of RFC 9309, and those that Google published with its parser (google/robotstxt, `robots_test.cc`) and in its
//! documentation for site owners, told in our words: a file, an agent, paths that may be read and paths that may not.
//!
//! Where the two differ, the RFC is followed: Google compares needlessly encoded octets as they are written.

use reveille_gather::Robots;

/// A file, the agent that asks, what it may read, and what it may not.
type Case = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const CASES: &[Case] = &[
    // RFC 9309, section 5.1: the simple example.
    (
        RFC_SIMPLE,
        "foobot",
        &["/example/page.html", "/example/allowed.gif"],
        &["/", "/a", "/example/disallowed.gif"],
    ),
    (
        RFC_SIMPLE,
        "barbot",
        &["/b"],
        &["/example/page.html", "/example/allowed.gif"],
    ),
    (
        RFC_SIMPLE,
        "bazbot",
        &["/publications/a"],
        &["/example/page.html"],
    ),
    (RFC_SIMPLE, "quxbot", &[], &["/a", "/example/page.html"]),
    // Section 5.2: the longest match.
    (
        "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n",
        "foobot",
        &["/example/page/", "/example/page/a.gif", "/b"],
        &["/example/page/disallowed.gif"],
    ),
    // Section 2.2.1: groups that name the same agent are one.
    (
        "user-agent: Foo\ndisallow: /foo\n\nuser-agent: Bar\ndisallow: /bar\n\nuser-agent: Foo\ndisallow: /baz\n",
        "foo",
        &["/bar"],
        &["/foo", "/baz"],
    ),
    // Section 2.2.2: octets are compared however they are spelled.
    (
        "user-agent: a\ndisallow: /foo/bar?baz=quz\n",
        "a",
        &["/foo/bar"],
        &["/foo/bar?baz=quz"],
    ),
    (
        "user-agent: a\ndisallow: /foo/bar?baz=http://foo.bar\n",
        "a",
        &[],
        &["/foo/bar?baz=http://foo.bar"],
    ),
    (
        "user-agent: a\ndisallow: /foo/bar/\u{30c4}\n",
        "a",
        &["/foo/bar/"],
        &["/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84"],
    ),
    (
        "user-agent: a\ndisallow: /foo/bar/%E3%83%84\n",
        "a",
        &[],
        &["/foo/bar/%E3%83%84"],
    ),
    (
        "user-agent: a\ndisallow: /foo/bar/%62%61%7A\n",
        "a",
        &[],
        &["/foo/bar/baz", "/foo/bar/%62%61%7A"],
    ),
    (
        "user-agent: a\ndisallow: /a%2Fb\n",
        "a",
        &["/a/b"],
        &["/a%2Fb", "/a%2fb"],
    ),
    (
        "user-agent: a\ndisallow: /%7Ejoe\n",
        "a",
        &[],
        &["/~joe", "/%7ejoe"],
    ),
    // Section 2.2.3: special characters, and how they are escaped.
    (
        "user-agent: a\nallow: /\ndisallow: /this/*/exactly\n",
        "a",
        &["/this/exactly"],
        &["/this/path/exactly"],
    ),
    (
        "user-agent: a\ndisallow: /*.gif$\n",
        "a",
        &["/a.gif?x", "/a.gifs"],
        &["/a.gif", "/b/c.gif"],
    ),
    (
        "user-agent: a\ndisallow: /path/file-with-a-%2A.html\n",
        "a",
        &["/path/file-with-a-b.html"],
        &["/path/file-with-a-*.html"],
    ),
    (
        "user-agent: a\ndisallow: /path/foo-%24\n",
        "a",
        &["/path/foo-"],
        &["/path/foo-$", "/path/foo-%24"],
    ),
    // Section 2.2.2: `/robots.txt` itself may always be read.
    (
        "user-agent: *\ndisallow: /\n",
        "a",
        &["/robots.txt"],
        &["/robots.txt.old", "/"],
    ),
    // Google: nothing said is nothing forbidden.
    ("", "FooBot", &["/", "/x/y"], &[]),
    ("user-agent: FooBot\ndisallow: /\n", "FooBot", &[], &["/", "/x/y"]),
    ("user-agent: FooBot\ndisallow: /\n", "BarBot", &["/", "/x/y"], &[]),
    // The syntax of lines.
    ("foo: FooBot\nbar: /\n", "FooBot", &["/x/y"], &[]),
    ("user-agent FooBot\ndisallow /\n", "FooBot", &[], &["/x/y"]),
    (
        "USER-AGENT: FooBot\nALLOW: /x/\nDISALLOW: /\n",
        "FooBot",
        &["/x/y"],
        &["/a/b"],
    ),
    (
        "user-agent: FooBot\nallow: /x/\ndisallow: /\n",
        "FooBot",
        &["/x/y"],
        &["/a/b"],
    ),
    (
        "uSeR-aGeNt: FooBot\nAlLoW: /x/\ndIsAlLoW: /\n",
        "FooBot",
        &["/x/y"],
        &["/a/b"],
    ),
    (
        "useragent: FooBot\ndisalow: /a\ndissallow: /b\ndissalow: /c\ndiasllow: /d\ndisallaw: /e\n",
        "FooBot",
        &["/f"],
        &["/a", "/b", "/c", "/d", "/e"],
    ),
    ("user agent: FooBot\ndisallow: /\n", "FooBot", &[], &["/x"]),
    (
        "User-agent : FooBot # us\ndisallow : / # all\n",
        "FooBot",
        &[],
        &["/x"],
    ),
    // Groups.
    (GROUPS, "FooBot", &["/x/b", "/z/d"], &["/y/c", "/foo/bar/"]),
    (GROUPS, "BarBot", &["/y/c", "/w/a"], &["/z/d", "/foo/bar/"]),
    (GROUPS, "BazBot", &["/z/d"], &["/foo/bar/"]),
    (
        "User-agent: BarBot\nSitemap: https://foo.bar/sitemap\nUser-agent: *\nDisallow: /\n",
        "FooBot",
        &[],
        &["/"],
    ),
    (
        "User-agent: BarBot\nSitemap: https://foo.bar/sitemap\nUser-agent: *\nDisallow: /\n",
        "BarBot",
        &[],
        &["/"],
    ),
    (
        "User-agent: FooBot\nInvalid-Unknown-Line: unknown\nUser-agent: *\nDisallow: /\n",
        "FooBot",
        &[],
        &["/"],
    ),
    (
        "User-agent: FooBot\nInvalid-Unknown-Line: unknown\nUser-agent: *\nDisallow: /\n",
        "BarBot",
        &[],
        &["/"],
    ),
    // Agents are compared without case, up to the first character that no product token has.
    (
        "User-Agent: FOO BAR\nAllow: /x/\nDisallow: /\n",
        "Foo",
        &["/x/y"],
        &["/a/b"],
    ),
    (
        "User-Agent: foo bar\nAllow: /x/\nDisallow: /\n",
        "FOO",
        &["/x/y"],
        &["/a/b"],
    ),
    (
        "User-Agent: FoO bAr\nAllow: /x/\nDisallow: /\n",
        "foo",
        &["/x/y"],
        &["/a/b"],
    ),
    ("User-Agent: Foo/1.1\nDisallow: /\n", "foo", &[], &["/a"]),
    (
        "User-Agent: *\nDisallow: /\nUser-Agent: Foo Bar\nAllow: /x/\nDisallow: /\n",
        "Foo",
        &["/x/y"],
        &["/a/b"],
    ),
    ("User-Agent: * foo\nDisallow: /\n", "Bar", &[], &["/a"]),
    ("User-Agent: Foobot\nDisallow: /\n", "Foo", &["/a"], &[]),
    // The general group is for those that no other names.
    (
        "user-agent: *\nallow: /\nuser-agent: FooBot\ndisallow: /\n",
        "FooBot",
        &[],
        &["/x/y"],
    ),
    (
        "user-agent: *\nallow: /\nuser-agent: FooBot\ndisallow: /\n",
        "BarBot",
        &["/x/y"],
        &[],
    ),
    (
        "user-agent: FooBot\nallow: /\nuser-agent: BarBot\ndisallow: /\nuser-agent: BazBot\ndisallow: /\n",
        "QuxBot",
        &["/x/y"],
        &[],
    ),
    (
        "user-agent: *\ndisallow: /x/\nuser-agent: FooBot\ndisallow: /y/\n",
        "FooBot",
        &["/x/page"],
        &["/y/page"],
    ),
    // Paths are compared with case.
    (
        "user-agent: FooBot\ndisallow: /x/\n",
        "FooBot",
        &["/X/y"],
        &["/x/y"],
    ),
    ("user-agent: FooBot\ndisallow: /X/\n", "FooBot", &["/x/y"], &[]),
    // The longest match decides, whatever the order; of two as long, the one that allows.
    (
        "user-agent: FooBot\ndisallow: /x/page.html\nallow: /x/\n",
        "FooBot",
        &["/x/a"],
        &["/x/page.html"],
    ),
    (
        "user-agent: FooBot\nallow: /x/page.html\ndisallow: /x/\n",
        "FooBot",
        &["/x/page.html"],
        &["/x/"],
    ),
    (
        "user-agent: FooBot\ndisallow: \nallow: \n",
        "FooBot",
        &["/x/page.html"],
        &[],
    ),
    (
        "user-agent: FooBot\ndisallow: /\nallow: /\n",
        "FooBot",
        &["/x/page.html"],
        &[],
    ),
    (
        "user-agent: FooBot\ndisallow: /x\nallow: /x/\n",
        "FooBot",
        &["/x/"],
        &["/x"],
    ),
    (
        "user-agent: FooBot\ndisallow: /x/page.html\nallow: /x/page.html\n",
        "FooBot",
        &["/x/page.html"],
        &[],
    ),
    (
        "user-agent: FooBot\nallow: /page\ndisallow: /*.html\n",
        "FooBot",
        &["/page"],
        &["/page.html"],
    ),
    (
        "user-agent: FooBot\nallow: /x/page.\ndisallow: /*.html\n",
        "FooBot",
        &["/x/page.html"],
        &["/x/y.html"],
    ),
    // Octets.
    (
        "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar?qux=taz&baz=http://foo.bar?tar&par\n",
        "FooBot",
        &["/foo/bar?qux=taz&baz=http://foo.bar?tar&par"],
        &["/foo/bar"],
    ),
    (
        "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/\u{30c4}\n",
        "FooBot",
        &["/foo/bar/%E3%83%84"],
        &["/foo/bar/"],
    ),
    // Special characters.
    (
        "User-agent: FooBot\nDisallow: /foo/bar/quz\nAllow: /foo/*/qux\n",
        "FooBot",
        &["/foo/quz", "/foo//quz", "/foo/bax/quz"],
        &["/foo/bar/quz"],
    ),
    (
        "User-agent: FooBot\nDisallow: /foo/bar$\nAllow: /foo/bar/qux\n",
        "FooBot",
        &["/foo/bar/qux", "/foo/bar/", "/foo/bar/baz"],
        &["/foo/bar"],
    ),
    (
        "User-agent: FooBot\n# Disallow: /\nDisallow: /foo/quz#qux\nAllow: /\n",
        "FooBot",
        &["/foo/bar"],
        &["/foo/quz"],
    ),
    // The index of a folder is the folder.
    (
        "User-Agent: *\nAllow: /allowed-slash/index.html\nDisallow: /\n",
        "foobot",
        &["/allowed-slash/", "/allowed-slash/index.html"],
        &["/allowed-slash/index.htm", "/anyother-url"],
    ),
    // Google's documentation: what a path matches.
    (
        "user-agent: FooBot\ndisallow: /\nallow: /fish\n",
        "FooBot",
        &[
            "/fish",
            "/fish.html",
            "/fish/salmon.html",
            "/fishheads",
            "/fishheads/yummy.html",
            "/fish.php?id=anything",
        ],
        &["/bar", "/Fish.asp", "/catfish", "/?id=fish"],
    ),
    (
        "user-agent: FooBot\ndisallow: /\nallow: /fish*\n",
        "FooBot",
        &[
            "/fish",
            "/fish.html",
            "/fish/salmon.html",
            "/fishheads",
            "/fishheads/yummy.html",
            "/fish.php?id=anything",
        ],
        &["/bar", "/Fish.bar", "/catfish", "/?id=fish"],
    ),
    (
        "user-agent: FooBot\ndisallow: /\nallow: /fish/\n",
        "FooBot",
        &[
            "/fish/",
            "/fish/salmon",
            "/fish/?salmon",
            "/fish/salmon.html",
            "/fish/?id=anything",
        ],
        &["/bar", "/fish", "/fish.html", "/Fish/Salmon.html"],
    ),
    (
        "user-agent: FooBot\ndisallow: /\nallow: /*.php\n",
        "FooBot",
        &[
            "/filename.php",
            "/folder/filename.php",
            "/folder/filename.php?parameters",
            "//folder/any.php.file.html",
            "/filename.php/",
            "/index?f=filename.php/",
        ],
        &["/bar", "/php/", "/index?php", "/windows.PHP"],
    ),
    (
        "user-agent: FooBot\ndisallow: /\nallow: /*.php$\n",
        "FooBot",
        &["/filename.php", "/folder/filename.php"],
        &[
            "/bar",
            "/filename.php?parameters",
            "/filename.php/",
            "/filename.php5",
            "/php/",
            "/filename?php",
            "/aaaphpaaa",
            "//windows.PHP",
        ],
    ),
    (
        "user-agent: FooBot\ndisallow: /\nallow: /fish*.php\n",
        "FooBot",
        &["/fish.php", "/fishheads/catfish.php?parameters"],
        &["/bar", "/Fish.PHP"],
    ),
    // The same: which rule wins.
    (
        "user-agent: FooBot\nallow: /p\ndisallow: /\n",
        "FooBot",
        &["/page"],
        &["/a"],
    ),
    (
        "user-agent: FooBot\nallow: /folder\ndisallow: /folder\n",
        "FooBot",
        &["/folder/page"],
        &[],
    ),
    (
        "user-agent: FooBot\nallow: /page\ndisallow: /*.htm\n",
        "FooBot",
        &[],
        &["/page.htm"],
    ),
    (
        "user-agent: FooBot\nallow: /$\ndisallow: /\n",
        "FooBot",
        &["/"],
        &["/page.htm"],
    ),
    // Line ends of every kind.
    (
        "user-agent: FooBot\r\ndisallow: /a\rdisallow: /b\n\r\ndisallow: /c",
        "FooBot",
        &["/d"],
        &["/a", "/b", "/c"],
    ),
    // A delay between requests is a rule like others, as Bing and Yandex read it: the second group is not for us.
    (
        "user-agent: *\ncrawl-delay: 10\n\nuser-agent: BadBot\ndisallow: /\n",
        "FooBot",
        &["/a"],
        &[],
    ),
];

const RFC_SIMPLE: &str = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n\
    User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n\
    User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\nDisallow: /example/allowed.gif\n\n\
    User-Agent: quxbot\nDisallow: /\n";

const GROUPS: &str = "allow: /foo/bar/\n\nuser-agent: FooBot\ndisallow: /\nallow: /x/\nuser-agent: BarBot\ndisallow: /\n\
    allow: /y/\n\n\nallow: /w/\nuser-agent: BazBot\n\nuser-agent: FooBot\nallow: /z/\ndisallow: /\n";

#[test]
fn published_cases() {
    for (file, agent, open, closed) in CASES {
        let robots = Robots::parse(file.as_bytes(), agent);
        for path in *open {
            assert!(robots.permits(path), "{agent} may read {path}:\n{file}");
        }
        for path in *closed {
            assert!(!robots.permits(path), "{agent} may not read {path}:\n{file}");
        }
    }
}

#[test]
fn a_byte_order_mark_is_skipped_whole_or_cut() {
    let rules = b"User-agent: FooBot\nDisallow: /\n";
    for (mark, read) in [
        (b"\xef\xbb\xbf".as_slice(), true),
        (b"\xef\xbb", true),
        (b"\xef", true),
        (b"\xef\x11\xbf", false),
    ] {
        let file = [mark, rules].concat();
        assert_eq!(!Robots::parse(&file, "FooBot").permits("/a"), read, "{mark:?}");
    }
}

#[test]
fn a_line_ends_after_16_kilobytes() {
    let long = "a".repeat(20_000);
    let file = format!("user-agent: FooBot\ndisallow: /x/{long}/qux\n");
    let robots = Robots::parse(file.as_bytes(), "FooBot");
    assert!(robots.permits("/fux"));
    assert!(!robots.permits(&format!("/x/{long}/fux")));
}

#[test]
fn what_stands_beyond_500_kib_is_not_read() {
    let rule = |at: usize| {
        let head = "user-agent: FooBot\n";
        let filler = "#".repeat(at - head.len() - 1);
        format!("{head}{filler}\ndisallow: /\n")
    };
    assert!(!Robots::parse(rule(500 * 1024).as_bytes(), "FooBot").permits("/a"));
    assert!(Robots::parse(rule(512 * 1024).as_bytes(), "FooBot").permits("/a"));
}

#[test]
fn sitemaps_stand_outside_all_groups() {
    let file = "Sitemap: https://news.example/first.xml\nuser-agent: BarBot\ndisallow: /\nsitemap:/second.xml\n\
        user-agent: FooBot\ndisallow: /a\n";
    let robots = Robots::parse(file.as_bytes(), "FooBot");
    assert_eq!(
        robots.sitemaps(),
        ["https://news.example/first.xml", "/second.xml"]
    );
    assert!(!robots.permits("/a") && robots.permits("/b"));
}
