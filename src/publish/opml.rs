//! The list of sources as OPML 2.0. A feed is an outline of type `rss`, as every reader imports it; a page, which no reader
//! could subscribe to, one of type `link`. No dates: the same sources give the same bytes.

use quick_xml::Writer;
use quick_xml::events::{BytesStart, BytesText, Event};

use super::format::XML_DECLARATION;
use super::outgoing::OutgoingOrigin;

/// Its media type, the one in use; there is no registered one.
pub(super) const MEDIA_TYPE: &str = "text/x-opml";

/// The bytes of the list.
pub(super) fn write(title: &str, sources: &[OutgoingOrigin]) -> Vec<u8> {
    let mut writer = Writer::new_with_indent(XML_DECLARATION.as_bytes().to_vec(), b' ', 1);
    let opml = writer
        .create_element("opml")
        .with_attribute(("version", "2.0"));
    opml.write_inner_content(|writer| {
        writer
            .create_element("head")
            .write_inner_content(|writer| {
                let title = BytesText::new(title);
                writer.create_element("title").write_text_content(title)?;
                Ok(())
            })?;
        writer
            .create_element("body")
            .write_inner_content(|writer| {
                for source in sources {
                    if let Some(outline) = outline(source) {
                        writer.write_event(Event::Empty(outline))?;
                    }
                }
                Ok(())
            })?;
        Ok(())
    })
    .expect("writing into memory cannot fail");
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    bytes
}

fn outline(source: &OutgoingOrigin) -> Option<BytesStart<'_>> {
    let address = source.address.as_deref()?;
    let mut outline = BytesStart::new("outline");
    let title = source.title.as_str();
    if source.is_feed {
        outline.push_attribute(("type", "rss"));
        outline.push_attribute(("text", title));
        outline.push_attribute(("title", title));
        outline.push_attribute(("xmlUrl", address));
        if let Some(site) = &source.site {
            outline.push_attribute(("htmlUrl", site.as_str()));
        }
    } else {
        outline.push_attribute(("type", "link"));
        outline.push_attribute(("text", title));
        outline.push_attribute(("title", title));
        outline.push_attribute(("url", address));
    }
    Some(outline)
}
