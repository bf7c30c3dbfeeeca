//! Google's cases of what a path matches, and which of several rules decides.

use super::{Case, hold};

const CASES: &[Case] = &[
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
];

#[test]
fn the_longest_match_decides() {
    hold(CASES);
}
