//! Google's cases of what a line is.

use super::{Case, hold};

const CASES: &[Case] = &[
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
    // Line ends of every kind.
    (
        "user-agent: FooBot\r\ndisallow: /a\rdisallow: /b\n\r\ndisallow: /c",
        "FooBot",
        &["/d"],
        &["/a", "/b", "/c"],
    ),
];

#[test]
fn lines_are_read_as_they_are_written() {
    hold(CASES);
}
