//! The cases of RFC 9309, by its sections.

use super::{Case, hold};

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
];

const RFC_SIMPLE: &str = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n\
    User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n\
    User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\nDisallow: /example/allowed.gif\n\n\
    User-Agent: quxbot\nDisallow: /\n";

#[test]
fn the_cases_of_the_rfc() {
    hold(CASES);
}
