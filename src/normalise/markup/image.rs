//! Images: where the picture really is, what stands in for it, and which ones are no pictures at all.

use url::Url;

use super::address::Bases;
use super::attributes::Attributes;
use super::hidden;
use super::tag::Tag;

/// Where scripts that load images late keep the address of the picture, the usual ones first.
const LATE_SOURCES: [&str; 8] = [
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-lazy",
    "data-original-src",
    "data-orig-src",
    "data-actualsrc",
    "data-echo",
];
/// The same for its variants.
const LATE_SETS: [&str; 4] = [
    "data-srcset",
    "data-lazy-srcset",
    "data-original-set",
    "data-lazy-set",
];
/// More variants than these nobody offers.
const MAX_CANDIDATES: usize = 24;
/// An image that is no wider and no higher is none, CSS pixels.
const MAX_BEACON_PIXELS: u32 = 2;

/// What counts visits by an image, whatever its size says: host, and how the path begins. Kept short: the shape of a beacon
/// is what usually gives it away.
const BEACONS: [(&str, &str); 12] = [
    ("feeds.feedburner.com", "/~r/"),
    ("feeds.feedburner.com", "/~ff/"),
    ("feeds.wordpress.com", "/1.0/"),
    ("pixel.wp.com", "/"),
    ("stats.wordpress.com", "/"),
    ("medium.com", "/_/stat"),
    ("blogger.googleusercontent.com", "/tracker/"),
    ("feedads.g.doubleclick.net", "/"),
    ("www.google-analytics.com", "/"),
    ("www.facebook.com", "/tr"),
    ("pixel.quantserve.com", "/"),
    ("counter.yadro.ru", "/"),
];

/// The address of the picture: what a script would have loaded, else what is there.
pub(super) fn source(element: &impl Tag, bases: &Bases<'_>) -> Option<Url> {
    late(element, &LATE_SOURCES)
        .and_then(|written| bases.web(written))
        .or_else(|| bases.web(element.attr("src")?))
        .or_else(|| {
            let (address, _) = candidates(set(element)?, bases).into_iter().next()?;
            Some(address)
        })
}

/// The address a script would have loaded.
pub(super) fn late<'a>(element: &'a impl Tag, names: &[&str]) -> Option<&'a str> {
    let mut data = element
        .attrs()
        .filter(|(name, _)| name.starts_with("data-"))
        .peekable();
    data.peek()?;
    names
        .iter()
        .filter_map(|name| element.attr(name))
        .map(str::trim)
        .find(|written| {
            // some keep other things under these names
            written.contains(['/', '.']) && !written.contains(['{', '<'])
        })
}

/// The late source of an `iframe` or a recording.
pub(super) fn late_source(element: &impl Tag) -> Option<&str> {
    late(element, &LATE_SOURCES)
}

fn set(element: &impl Tag) -> Option<&str> {
    late(element, &LATE_SETS).or_else(|| element.attr("srcset"))
}

/// The variants of a picture (HTML §4.8.4.2.1) that lead to the web, with their width or density.
fn candidates<'a>(set: &'a str, bases: &Bases<'_>) -> Vec<(Url, &'a str)> {
    let mut candidates = Vec::new();
    let mut rest = set;
    for _ in 0..MAX_CANDIDATES {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            break;
        }
        let end = rest
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let (mut address, after) = rest.split_at(end);
        let mut descriptor = "";
        rest = after;
        let bare = address.trim_end_matches(',');
        if bare.len() < address.len() {
            address = bare;
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            descriptor = rest[..end].trim();
            rest = &rest[end..];
        }
        let is_late = address.starts_with("data:") || address.starts_with("blob:");
        if !is_late
            && is_descriptor(descriptor)
            && let Some(url) = bases.web(address)
        {
            candidates.push((url, descriptor));
        }
    }
    candidates
}

/// True for nothing, `640w`, `2x` and `1.5x`.
fn is_descriptor(text: &str) -> bool {
    let Some(number) = text.strip_suffix(['w', 'x']) else {
        return text.is_empty();
    };
    !number.is_empty()
        && number.len() <= 6
        && number.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && number.bytes().filter(|b| *b == b'.').count() <= 1
}

/// Writes `srcset` and `sizes`; false if no variant is left.
pub(super) fn write_set(
    attributes: &mut Attributes,
    element: &impl Tag,
    bases: &Bases<'_>,
) -> bool {
    let candidates = set(element).map_or_else(Vec::new, |set| candidates(set, bases));
    if candidates.is_empty() {
        return false;
    }
    let written: Vec<String> = candidates
        .iter()
        .map(|(url, descriptor)| {
            // a comma at its end would part candidates
            let address = url.as_str().trim_end_matches(',');
            if descriptor.is_empty() {
                address.to_owned()
            } else {
                format!("{address} {descriptor}")
            }
        })
        .collect();
    attributes.add("srcset", &written.join(", "));
    let sizes = element.attr("sizes").map(str::trim).filter(|sizes| {
        (1..=200).contains(&sizes.len())
            && sizes
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b" ()-.,:%+*/".contains(&b))
    });
    if let Some(sizes) = sizes {
        attributes.add("sizes", sizes);
    }
    true
}

/// Writes what an image says beside its address.
pub(super) fn write_image(attributes: &mut Attributes, element: &impl Tag, source: &Url) {
    attributes.add("src", source.as_str());
    for name in ["alt", "title"] {
        if let Some(text) = element.attr(name) {
            attributes.add_line(name, text);
        }
    }
    write_size(attributes, element);
    attributes.add("loading", "lazy");
}

/// Writes `width` and `height`, in pixels.
pub(super) fn write_size(attributes: &mut Attributes, element: &impl Tag) {
    for name in ["width", "height"] {
        let pixels = element.attr(name).and_then(pixels);
        if let Some(pixels) = pixels.filter(|pixels| (1..=10_000).contains(pixels)) {
            attributes.add(name, &pixels.to_string());
        }
    }
}

/// The whole pixels of `640`, `640px` and `640.5`; not of `50%`.
fn pixels(written: &str) -> Option<u32> {
    let written = written.trim();
    let number = written.strip_suffix("px").unwrap_or(written).trim_end();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    (!whole.is_empty() && whole.len() <= 6 && is_number(whole) && is_number(fraction))
        .then(|| whole.parse().ok())
        .flatten()
}

/// True for what is there to be fetched and not to be seen: by its size, by its style, or by where it is.
pub(super) fn is_beacon(element: &impl Tag, source: Option<&Url>) -> bool {
    let mut width = element.attr("width").and_then(pixels);
    let mut height = element.attr("height").and_then(pixels);
    if hidden::is_hidden(element) {
        return true;
    }
    for (name, value) in hidden::style(element) {
        match name.as_str() {
            "width" => width = pixels(value).or(width),
            "height" => height = pixels(value).or(height),
            _ => {}
        }
    }
    let is_tiny = |size: Option<u32>| size.is_none_or(|pixels| pixels <= MAX_BEACON_PIXELS);
    if (width.is_some() || height.is_some()) && is_tiny(width) && is_tiny(height) {
        return true;
    }
    source.is_some_and(|url| {
        BEACONS
            .iter()
            .any(|(host, path)| url.host_str() == Some(host) && url.path().starts_with(path))
    })
}
