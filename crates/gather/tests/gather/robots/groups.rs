//! The cases of whom a group of rules is for.

use super::{Case, hold};

const CASES: &[Case] = &[
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
    // A delay between requests is a rule like others, as Bing and Yandex read it: the second group is not for us.
    (
        "user-agent: *\ncrawl-delay: 10\n\nuser-agent: BadBot\ndisallow: /\n",
        "FooBot",
        &["/a"],
        &[],
    ),
];

const GROUPS: &str = "allow: /foo/bar/\n\nuser-agent: FooBot\ndisallow: /\nallow: /x/\nuser-agent: BarBot\ndisallow: /\n\
    allow: /y/\n\n\nallow: /w/\nuser-agent: BazBot\n\nuser-agent: FooBot\nallow: /z/\ndisallow: /\n";

#[test]
fn a_group_is_for_those_that_it_names() {
    hold(CASES);
}
