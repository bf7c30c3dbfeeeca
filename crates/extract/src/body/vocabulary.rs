//! The words that templates of many languages use in `class` and `id`, and what they say of an element.

/// What the words of an element's `class`, `id`, `role` and their like say of it: a set of flags.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Marks(pub(crate) u32);

impl Marks {
    pub(crate) const NONE: Self = Self(0);
    /// Readers' comments.
    pub(crate) const COMMENTS: Self = Self(1);
    /// Links to other articles.
    pub(crate) const RELATED: Self = Self(1 << 1);
    /// Newsletter and subscription boxes.
    pub(crate) const NEWSLETTER: Self = Self(1 << 2);
    /// Buttons for sharing and following.
    pub(crate) const SOCIAL: Self = Self(1 << 3);
    /// Advertisements.
    pub(crate) const AD: Self = Self(1 << 4);
    /// Menus, breadcrumbs, pagers.
    pub(crate) const NAVIGATION: Self = Self(1 << 5);
    /// Foot of the page, legal lines.
    pub(crate) const FOOTER: Self = Self(1 << 6);
    /// Side columns and widgets.
    pub(crate) const SIDEBAR: Self = Self(1 << 7);
    /// Consent notices, dialogs, overlays.
    pub(crate) const CONSENT: Self = Self(1 << 8);
    /// Bylines and boxes about authors.
    pub(crate) const AUTHOR: Self = Self(1 << 9);
    /// Dates, tags, categories, reading times.
    pub(crate) const META: Self = Self(1 << 10);
    /// Captions and credits of pictures.
    pub(crate) const CAPTION: Self = Self(1 << 11);
    /// Not drawn.
    pub(crate) const HIDDEN: Self = Self(1 << 12);
    /// Galleries and players.
    pub(crate) const MEDIA: Self = Self(1 << 13);
    /// The article's own text.
    pub(crate) const CONTENT: Self = Self(1 << 14);
    /// The summary between headline and body.
    pub(crate) const DECK: Self = Self(1 << 15);
    /// Embedded posts.
    pub(crate) const EMBED: Self = Self(1 << 16);
    /// Quotations set apart that repeat the text.
    pub(crate) const PULLQUOTE: Self = Self(1 << 17);
    /// Lists of sections inside the article.
    pub(crate) const CONTENTS: Self = Self(1 << 18);
    /// Forms, polls, quizzes.
    pub(crate) const FORM: Self = Self(1 << 19);
    /// `itemprop=articleBody` and its like: the page itself says that this is the body.
    pub(crate) const BODY: Self = Self(1 << 20);
    /// Marked as the headline.
    pub(crate) const HEADLINE: Self = Self(1 << 21);

    /// The site's own name or logo.
    pub(crate) const SITE: Self = Self(1 << 22);

    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }
}

/// The marks of a `class` or `id` value.
pub(crate) fn marks(value: &str) -> Marks {
    let mut marks = Marks::NONE;
    for token in value.split_ascii_whitespace().take(40) {
        // Utility classes (`md:hidden`, `hover:underline`) speak of looks at one width.
        if token.contains([':', '[']) || token.len() > 80 {
            continue;
        }
        let mut previous = "";
        let lower = token.to_ascii_lowercase();
        marks = marks.with(whole(&lower));
        for word in (Words {
            token,
            lower: &lower,
            at: 0,
        }) {
            marks = marks.with(single(word));
            if !previous.is_empty() {
                marks = marks.with(pair(previous, word));
            }
            previous = word;
        }
    }
    marks
}

/// The words of `relatedLinks`, `related-links` and `related_links`.
struct Words<'a> {
    token: &'a str,
    lower: &'a str,
    at: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let bytes = self.token.as_bytes();
        while self.at < bytes.len() && !bytes[self.at].is_ascii_alphabetic() {
            self.at += 1;
        }
        let start = self.at;
        while self.at < bytes.len() && bytes[self.at].is_ascii_alphabetic() {
            let camel = self.at > start
                && bytes[self.at].is_ascii_uppercase()
                && bytes[self.at - 1].is_ascii_lowercase();
            if camel {
                break;
            }
            self.at += 1;
        }
        // Two letters beside a digit are part of a generated name, not a word: "ad6d".
        let generated = self.at - start <= 3
            && (bytes.get(self.at).is_some_and(u8::is_ascii_digit)
                || (start > 0 && bytes[start - 1].is_ascii_digit()));
        (self.at > start).then(|| {
            if generated {
                ""
            } else {
                self.lower.get(start..self.at).unwrap_or_default()
            }
        })
    }
}

fn whole(token: &str) -> Marks {
    match token {
        "print-only" | "printonly" | "visible-print" | "sr-only" | "visually-hidden" | "visuallyhidden"
        | "screen-reader-text" | "hidden" | "hide" | "invisible" | "d-none" | "is-hidden" | "offscreen"
        | "u-hidden" | "display-none" | "screenreader" => Marks::HIDDEN,
        "twitter-tweet" | "instagram-media" | "tiktok-embed" | "bluesky-embed" | "fb-post"
        | "twitter-video" => Marks::EMBED,
        "widget" | "widgets" | "widget-area" => Marks::SIDEBAR,
        "respond" | "disqus_thread" => Marks::COMMENTS,
        "jp-relatedposts" | "sharedaddy" => Marks::RELATED,
        "at-below-post" | "addtoany_share_save_container" => Marks::SOCIAL,
        _ => Marks::NONE,
    }
}

fn single(word: &str) -> Marks {
    match word {
        "comment" | "comments" | "commentlist" | "kommentar" | "kommentare" | "kommentarer"
        | "comentario" | "comentarios" | "commentaire" | "commentaires" | "disqus" | "reacties"
        | "reactions" | "livefyre" | "coral" | "commenti" | "komentarze" | "yorumlar" | "replies"
        | "trackback" | "pingback" => Marks::COMMENTS,
        "related" | "relateds" | "relacionadas" | "relacionados" | "verwandt" | "verwandte"
        | "recommended" | "recommend" | "recommendation" | "recommendations" | "recirc" | "recirculation"
        | "readmore" | "morefrom" | "seealso" | "mostread" | "mostpopular" | "mostviewed" | "trending"
        | "popular" | "promo" | "promos" | "promobox" | "outbrain" | "taboola" | "nativo" | "zergnet"
        | "plista" | "upnext" | "onward" | "suggested" | "suggestions" | "teaser" | "teasers"
        | "crosslink" | "crosslinks" | "leesook" | "linkbox" | "linklist" | "relatedposts"
        | "relatedlinks" | "relatedarticles" | "relatedcontent" | "readnext" | "alsoread" | "latest"
        | "topstories" | "morestories" | "yarpp" | "empfehlungen" | "correlati" | "similar"
        | "advertorial" | "interlink" | "inlinelink" | "kaynak" | "backlinks" | "moreon" | "bottomline"
        | "ticker" | "embedlink" | "siehe" => Marks::RELATED,
        "newsletter" | "newsletters" | "subscribe" | "subscription" | "subscriptions" | "signup"
        | "optin" | "mailchimp" | "mailinglist" | "nyhetsbrev" | "nyhedsbrev" | "nieuwsbrief"
        | "abonnement" | "membership" | "donate" | "donation" | "spenden" | "regwall" | "abobox"
        | "optinform" | "cta" => Marks::NEWSLETTER,
        "share" | "shares" | "sharing" | "sharebar" | "sharebuttons" | "social" | "socials"
        | "socialmedia" | "addtoany" | "addthis" | "sharethis" | "follow" | "followus" | "shariff"
        | "teilen" | "compartir" | "partager" | "whatsapp" => Marks::SOCIAL,
        "ad" | "ads" | "advert" | "adverts" | "advertisement" | "advertisements" | "advertising"
        | "adslot" | "adsbygoogle" | "adcontainer" | "adunit" | "adbox" | "adwrapper" | "admarker"
        | "adblock" | "sponsor" | "sponsored" | "sponsors" | "anzeige" | "anzeigen" | "werbung" | "dfp"
        | "publicidad" | "publicite" | "reklame" | "reklam" | "reklama" | "annonce" | "annons"
        | "affiliate" | "disclosure" | "advertentie" | "googlead" | "adarea" => Marks::AD,
        "nav" | "navbar" | "navigation" | "menu" | "menus" | "submenu" | "breadcrumb" | "breadcrumbs"
        | "pagination" | "pager" | "paging" | "topbar" | "toolbar" | "skiplink" | "sitemap" | "jumpnav"
        | "pagenav" => Marks::NAVIGATION,
        "footer" | "foot" | "colophon" | "impressum" | "pagefooter" => Marks::FOOTER,
        "sidebar" | "sidebars" | "rail" | "rightrail" | "leftrail" | "rightcol" | "sidecolumn"
        | "complementary" => Marks::SIDEBAR,
        "cookie" | "cookies" | "cookiebar" | "consent" | "gdpr" | "popup" | "modal" | "lightbox"
        | "toast" | "onetrust" | "didomi" | "usercentrics" | "cookiebanner" | "interstitial" => {
            Marks::CONSENT
        }
        "author" | "authors" | "byline" | "bylines" | "bio" | "autor" | "autoren" | "autores" | "auteur"
        | "auteurs" | "writer" | "authorbox" | "authorbio" | "contributor" | "contributors" | "forfatter"
        | "autore" | "redaktor" | "journalist" | "authoring" | "aboutauthor" => Marks::AUTHOR,
        "meta" | "metadata" | "timestamp" | "pubdate" | "date" | "datetime" | "dateline" | "published"
        | "tags" | "taglist" | "tagcloud" | "keywords" | "categories" | "kicker" | "eyebrow" | "overline"
        | "topline" | "dachzeile" | "spitzmarke" | "roofline" | "pretitle" | "rubrik" | "supertitle"
        | "antetitulo" | "volanta" | "occhiello" | "surtitre" | "preheadline" | "stichwort" | "readtime"
        | "readingtime" | "datum" | "fecha" | "postmeta" | "entrymeta" | "tagged" | "topics"
        | "schlagworte" | "etiquetas" => Marks::META,
        "caption" | "captions" | "figcaption" | "credit" | "credits" | "photocredit" | "imagecredit"
        | "bildunterschrift" | "legende" | "copyright" | "bildtext" | "imgcaption" | "photographer"
        | "mediainfo" | "imagedescription" | "bilduntertitel" | "bildunterzeile" | "imagecaption"
        | "photocaption" | "imginline" | "picbox" | "imageinfo" | "piefoto" => Marks::CAPTION,
        "gallery" | "galleries" | "slideshow" | "carousel" | "slider" | "swiper" | "slick" | "player"
        | "videoplayer" | "audioplayer" | "playlist" | "jwplayer" | "podcast" | "fotostrecke" | "galerie"
        | "galeria" | "lightgallery" | "brightcove" | "speechkit" | "tts" | "readspeaker" => Marks::MEDIA,
        "articlebody" | "storybody" | "articletext" | "articlecontent" | "entrycontent" | "postcontent"
        | "storycontent" | "richtext" | "prose" | "bodytext" | "maincontent" | "storytext" | "bodycopy" => {
            Marks::CONTENT
        }
        "deck" | "dek" | "standfirst" | "lede" | "subtitle" | "subheadline" | "subhead" | "chapo"
        | "chapeau" | "sapo" | "entradilla" | "bajada" | "vorspann" | "anriss" | "ingress" | "manchet"
        | "sottotitolo" | "perex" | "preamble" | "sommario" | "intro" | "lead" | "leadtext"
        | "untertitel" | "summary" | "excerpt" | "teasertext" | "subheading" | "subtitulo" | "unterzeile"
        | "subheader" | "spot" | "strapline" => Marks::DECK,
        "pullquote" | "pullquotes" => Marks::PULLQUOTE,
        "infobox" | "factbox" | "faktabox" | "faktaboks" | "infokasten" | "faktenbox" | "aisummary" => {
            Marks::SIDEBAR
        }
        "toc" | "tableofcontents" | "inhaltsverzeichnis" => Marks::CONTENTS,
        "form" | "survey" | "quiz" | "poll" | "login" | "search" | "searchform" | "feedback" | "umfrage" => {
            Marks::FORM
        }
        "headline" | "entrytitle" => Marks::HEADLINE,
        "logo" | "branding" | "sitetitle" | "blogtitle" | "sitename" | "masthead" | "brand" => Marks::SITE,
        _ => Marks::NONE,
    }
}

fn pair(first: &str, second: &str) -> Marks {
    match (first, second) {
        (
            "read" | "leer" | "lees" | "see" | "also" | "most" | "more" | "next" | "top" | "other"
            | "further",
            "more" | "mas" | "ook" | "also" | "read" | "popular" | "viewed" | "from" | "next" | "stories"
            | "on" | "articles" | "posts" | "article" | "post" | "news" | "reading" | "story",
        ) => Marks::RELATED,
        ("sign", "up")
        | ("mailing", "list")
        | ("email", "capture")
        | ("opt", "in")
        | ("join", "us")
        | ("call", "action") => Marks::NEWSLETTER,
        ("article" | "entry" | "post" | "story" | "main", "body" | "content" | "text" | "copy")
        | ("rich" | "body", "text" | "copy") => Marks::CONTENT,
        ("media" | "image" | "img" | "pic", "info" | "description" | "box") => Marks::CAPTION,
        ("inline", "textbox") => Marks::SIDEBAR,
        ("pull", "quote") => Marks::PULLQUOTE,
        ("info" | "fact" | "facts" | "fakta" | "expandable", "box") | ("ai", "summary" | "content") => {
            Marks::SIDEBAR
        }
        ("table", "of") | ("of", "contents") => Marks::CONTENTS,
        ("entry" | "post" | "article" | "story" | "main" | "page", "title" | "headline") => Marks::HEADLINE,
        ("screen", "reader") => Marks::HIDDEN,
        ("site" | "blog", "title" | "name" | "description" | "branding" | "logo") => Marks::SITE,
        ("side", "bar" | "column" | "col") | ("right", "rail" | "column" | "col") => Marks::SIDEBAR,
        (
            "post" | "entry" | "article",
            "tags" | "tag" | "meta" | "date" | "info" | "categories" | "category",
        ) => Marks::META,
        ("follow", "us") => Marks::SOCIAL,
        ("embed" | "embedded", "post" | "tweet" | "twitter" | "instagram") => Marks::EMBED,
        ("sub", "title" | "headline" | "heading" | "head") => Marks::DECK,
        ("author", "box" | "bio" | "info" | "card") => Marks::AUTHOR,
        _ => Marks::NONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_spelling() {
        for (value, mark) in [
            ("c-relatedLinks", Marks::RELATED),
            ("article__newsletter-box", Marks::NEWSLETTER),
            ("Article_Body", Marks::CONTENT),
            ("entry-content", Marks::CONTENT),
            ("sr-only", Marks::HIDDEN),
            ("readMore", Marks::RELATED),
            ("twitter-tweet", Marks::EMBED),
        ] {
            assert!(marks(value).any(mark), "{value}");
        }
        for value in ["header", "download", "heading", "shadow", "md:hidden", "loaded"] {
            assert_eq!(marks(value), Marks::NONE, "{value}");
        }
    }
}
