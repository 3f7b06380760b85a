//! What others show inside a body: players that are known stay as frames, all else becomes a link to what it shows.

use ego_tree::NodeRef;
use scraper::Node;
use url::Url;

use super::super::text;
use super::address::Bases;
use super::attributes::Attributes;
use super::image;
use super::tag::Tag;
use super::writer::Writer;

/// Players that stay as frames: host, and how the path begins.
const PLAYERS: [(&str, &str); 14] = [
    ("www.youtube-nocookie.com", "/embed/"),
    ("www.youtube.com", "/embed/"),
    ("youtube.com", "/embed/"),
    ("player.vimeo.com", "/video/"),
    ("www.dailymotion.com", "/embed/"),
    ("geo.dailymotion.com", "/player"),
    ("player.bilibili.com", "/player.html"),
    ("embed.ted.com", "/talks/"),
    ("archive.org", "/embed/"),
    ("bandcamp.com", "/EmbeddedPlayer/"),
    ("w.soundcloud.com", "/player/"),
    ("open.spotify.com", "/embed"),
    ("embed.podcasts.apple.com", "/"),
    ("embed.music.apple.com", "/"),
];
/// What a player may do: play, and open its own site in a new window. Its own origin is not ours.
const SANDBOX: &str = "allow-scripts allow-same-origin allow-popups allow-presentation";
/// The label of a link is cut here, characters.
const MAX_LABEL_CHARS: usize = 100;
/// More variants of a recording nobody offers.
const MAX_SOURCES: usize = 8;

/// Writes an `iframe` or `embed`, as a frame or as a link; nothing if it is only there to be fetched.
pub(super) fn frame(writer: &mut Writer, bases: &Bases<'_>, element: &impl Tag) {
    let source = image::late_source(element)
        .and_then(|written| bases.web(written))
        .or_else(|| bases.web(element.attr("src")?));
    if image::is_beacon(element, source.as_ref()) {
        return;
    }
    let Some(source) = source else { return };
    if element.name() == "iframe" && is_player(&source) {
        let mut attributes = Attributes::default();
        attributes.add("src", player(source).as_str());
        if let Some(title) = element.attr("title") {
            attributes.add_line("title", title);
        }
        image::write_size(&mut attributes, element);
        attributes.add("sandbox", SANDBOX);
        attributes.add("referrerpolicy", "strict-origin-when-cross-origin");
        attributes.add("loading", "lazy");
        attributes.add_flag("allowfullscreen");
        writer.open("iframe", attributes.as_str());
        writer.close();
    } else {
        link(writer, &source, element.attr("title"));
    }
}

fn is_player(source: &Url) -> bool {
    source.port().is_none()
        && PLAYERS
            .iter()
            .any(|(host, path)| source.host_str() == Some(host) && source.path().starts_with(path))
}

/// The address of a player, encrypted, not starting by itself, and without cookies where it can do without.
fn player(mut source: Url) -> Url {
    // neither can fail for an address of the web
    let _ = source.set_scheme("https");
    if matches!(source.host_str(), Some("www.youtube.com" | "youtube.com")) {
        let _ = source.set_host(Some("www.youtube-nocookie.com"));
    }
    let starts = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        name.eq_ignore_ascii_case("autoplay") || name.eq_ignore_ascii_case("auto_play")
    };
    if let Some(query) = source.query()
        && query.split('&').any(|pair| starts(&pair))
    {
        let kept: Vec<&str> = query.split('&').filter(|pair| !starts(pair)).collect();
        let kept = kept.join("&");
        source.set_query(Some(&*kept).filter(|kept| !kept.is_empty()));
    }
    source
}

/// Writes a link to what is embedded; inside another link only its label.
fn link(writer: &mut Writer, url: &Url, title: Option<&str>) {
    let label = title
        .and_then(text::some_line)
        .or_else(|| Some(url.host_str()?.trim_start_matches("www.").to_owned()));
    let label = text::cut(&label.unwrap_or_default(), MAX_LABEL_CHARS);
    writer.text(" ");
    if writer.is_in("a") {
        writer.text(&label);
    } else {
        let mut attributes = Attributes::default();
        attributes.add_link(url);
        writer.open("a", attributes.as_str());
        writer.text(&label);
        writer.close();
    }
    writer.text(" ");
}

/// Writes a link to what an `object` shows, if nothing in it would be shown instead. True if there is.
pub(super) fn object(
    writer: &mut Writer,
    bases: &Bases<'_>,
    node: NodeRef<'_, Node>,
    element: &impl Tag,
) -> bool {
    let shows = node.descendants().skip(1).any(|node| match node.value() {
        Node::Text(text) => !text.trim().is_empty(),
        Node::Element(element) => matches!(
            element.name(),
            "audio" | "embed" | "iframe" | "img" | "object" | "video"
        ),
        _ => false,
    });
    if !shows
        && let Some(url) = element.attr("data").and_then(|data| bases.web(data))
        && !image::is_beacon(element, Some(&url))
    {
        link(writer, &url, element.attr("title"));
    }
    shows
}

/// Writes an `audio` or `video` that plays only when asked to; false if there is nothing to play in it.
pub(super) fn recording(
    writer: &mut Writer,
    bases: &Bases<'_>,
    node: NodeRef<'_, Node>,
    element: &impl Tag,
) -> bool {
    let own = image::late_source(element)
        .and_then(|written| bases.web(written))
        .or_else(|| bases.web(element.attr("src")?));
    let mut sources = Vec::new();
    let elements = node
        .descendants()
        .filter_map(|node| node.value().as_element());
    for element in elements.filter(|element| element.name() == "source") {
        if let Some(url) = element.attr("src").and_then(|src| bases.web(src)) {
            let mut attributes = Attributes::default();
            attributes.add("src", url.as_str());
            write_media_type(&mut attributes, element);
            sources.push(attributes);
        }
    }
    sources.truncate(MAX_SOURCES);
    if own.is_none() && sources.is_empty() {
        return false;
    }
    let name = if element.name() == "audio" {
        "audio"
    } else {
        "video"
    };
    let mut attributes = Attributes::of(element, name, bases);
    if let Some(url) = own {
        attributes.add("src", url.as_str());
    }
    if name == "video" {
        if let Some(poster) = element.attr("poster").and_then(|poster| bases.web(poster)) {
            attributes.add("poster", poster.as_str());
        }
        image::write_size(&mut attributes, element);
    }
    attributes.add_flag("controls");
    attributes.add("preload", "none");
    writer.open(name, attributes.as_str());
    for source in &sources {
        writer.open("source", source.as_str());
    }
    writer.close();
    true
}

/// Writes the `type` of a variant, if it is a media type.
pub(super) fn write_media_type(attributes: &mut Attributes, element: &impl Tag) {
    let fits = |word: &&str| {
        (3..=100).contains(&word.len())
            && word
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"/;=+-._, \"".contains(&b))
    };
    if let Some(kind) = element.attr("type").map(str::trim).filter(fits) {
        attributes.add("type", kind);
    }
    let media = element.attr("media").map(str::trim).filter(|media| {
        (1..=200).contains(&media.len())
            && media
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b" ()-.,:<>=/".contains(&b))
    });
    if let Some(media) = media {
        attributes.add("media", media);
    }
}
