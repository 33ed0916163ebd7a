//! Walks the tree of an XML document with libxml2: `cargo run -p libxml2-example`.

use std::ffi::c_int;

use cgo::c_preamble;

c_preamble! {
    #cgo pkg-config: libxml-2.0
    #include <libxml/parser.h>
    #include <libxml/tree.h>
}

const DOCUMENT: &str =
    r#"<shop><item price="3">tea &amp; milk</item><item price="12">cake</item></shop>"#;

fn text(string: *const C::xmlChar) -> String {
    unsafe { C::GoString(string) }
}

/// The elements below a node, by their names.
unsafe fn elements(node: *mut C::xmlNode, name: &str) -> Vec<*mut C::xmlNode> {
    let mut found = Vec::new();
    let mut child = unsafe { (*node).children };
    while let Some(node) = unsafe { child.as_ref() } {
        if node.r#type == C::XML_ELEMENT_NODE && text(node.name) == name {
            found.push(child);
        }
        child = node.next;
    }
    found
}

fn main() {
    unsafe {
        let document = C::xmlReadMemory(
            DOCUMENT.as_ptr().cast(),
            DOCUMENT.len() as c_int,
            c"shop.xml".as_ptr(),
            std::ptr::null(),
            C::XML_PARSE_NONET as c_int,
        );
        let root = C::xmlDocGetRootElement(document);
        println!("<{}>", text((*root).name));
        for item in elements(root, "item") {
            let (content, price) = (
                C::xmlNodeGetContent(item),
                C::xmlGetProp(item, c"price".as_ptr().cast()),
            );
            println!("{} costs {}", text(content), text(price));
            for string in [content, price] {
                C::xmlFree.unwrap()(string.cast());
            }
        }
        C::xmlFreeDoc(document);
        C::xmlCleanupParser();
    }
}
