//! The parser against html5ever, the reference, on pages with the faults of real ones: the same paragraphs.

mod paragraphs;

/// Two differences are meant: a block element ends a `select` that was never closed, which must not swallow the page,
/// and a table ends a paragraph in pages without a doctype too.
///
/// Each page is one fault that templates, editors and advertisers put into markup.
const PAGES: &[&str] = &[
    "<!doctype html><html><head><title>a</title></head><body><p>one<p>two<div>three</div><p>four</body></html>",
    "<p>one<ul><li>a<li>b<p>c</ul><p>two",
    "<p>one <b>bold <i>both</b> italic</i> rest<p>two",
    "<p><b>one</p><p>two</b></p><p>three",
    "<div><p>one<span>two</div>three</span><p>four",
    "<!doctype html><p>a<table><tr><td><p>b<td><p>c</table><p>d",
    "<!doctype html><p>a<table><tr><td><p>b</td></tr></table>e</p><p>d",
    "<!doctype html><table><tr><td>a<tr><td><p>b<table><tr><td><p>c</table><p>d</table><p>e",
    "<p>a<select><option>x<option>y</select>b<p>c",
    "<p>a<button>b<p>c</button>d<p>e",
    "<p>a &amp; b &lt;p&gt; &copy; &nosuch; &#8217;s caf&eacute<p>c",
    "<p>a<script>document.write('<p>no</p>')</script>b<p>c<style>p{}</style>d",
    "<p>a<script><!--\ndocument.write('<script src=x></script>');\n//--></script>b<p>c",
    "<p>a<script>'<!-- <script> -->'</script>b<p>c",
    "<p>a<!-- <p>no -->b<!-->c<!--->d<p>e<!-- never closed <p>f",
    "<p>a<a href='x'>b<a href='y'>c</a>d<p>e",
    "<p>a<h2>b<h3>c</h2>d<p>e",
    "<dl><dt>a<dd><p>b<dt>c<dd>d</dl><p>e",
    "<form><p>a<form><p>b</form><p>c</form><p>d",
    "<p>a</p></p><p>b</div></span><p>c",
    "<p>a<br/>b<br>c</br>d<img src=x>e<hr>f<p>g",
    "<p title='a > b' class=\"c>d\" data-x=e'f>g<p>h",
    "<p>a<svg><title>no</title><path d='m'/><g><text>no</text></g></svg>b<p>c",
    "<svg><path><p>a</p></svg><p>b",
    "<p>1 < 2 and 3 > 2 <3 <p>b</ p>c<p>d<",
    "<P>A<DIV CLASS=X>b</DIV><P>c<Br>d",
    "<textarea><p>no</p></textarea><p>a<title><p>no</title>b",
    "<p>a<iframe><p>no</iframe>b<p>c",
    "<article><p>a<aside><p>b</aside><p>c</article><p>d",
    "<p>a<figure><img><figcaption>b<p>c</figcaption></figure><p>d",
    "<blockquote><p>a<blockquote>b</blockquote><p>c</blockquote><p>d",
    "<ul><li><p>a<ul><li><p>b</ul><p>c<li><p>d</ul><p>e",
    "text<p>a</body>b<p>c</html>d<p>e",
    "<p>a<font><p>b<font><p>c</font></font>d<p>e",
    "<p>a<custom-box><p>b</custom-box><p>c",
    "<p>a<center>b<p>c</center><p>d",
    "<div><p>a<address>b<p>c</address>d</div><p>e",
    "<p>a<details><summary>b<p>c</summary><p>d</details><p>e",
    "<p>a<object><p>b</object>c<p>d",
];

#[test]
fn paragraphs_are_those_of_html5ever() {
    let faults: Vec<String> = PAGES
        .iter()
        .filter_map(|page| {
            let (ours, theirs) = (paragraphs::ours(page), paragraphs::theirs(page));
            (ours != theirs).then(|| format!("{page}\n  ours   {ours:?}\n  theirs {theirs:?}"))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
