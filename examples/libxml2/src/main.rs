//! Walks the tree of an XML document with libxml2, and follows its events: `cargo run -p libxml2-example`.

use std::cell::RefCell;
use std::ffi::{CStr, c_int, c_void};
use std::ptr::null_mut;

use cgo::callback::TooManyCallbacks;
use cgo::{c_preamble, callback};

c_preamble! {
    #cgo pkg-config: libxml-2.0
    #include <libxml/parser.h>
    #include <libxml/tree.h>
}

const DOCUMENT: &CStr =
    cr#"<shop><item price="3">tea &amp; milk</item><item price="12">cake</item></shop>"#;

fn length() -> c_int {
    DOCUMENT.count_bytes() as c_int
}

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

/// What the parser meets. It passes one data pointer to all functions of its struct; as `bare` functions, closures have no need of it.
fn events() -> Result<String, TooManyCallbacks> {
    let events = RefCell::new(String::new());
    let start = |_: *mut c_void, name: *const C::xmlChar, _: *mut *const C::xmlChar| {
        events.borrow_mut().push_str(&format!("[{}", text(name)));
    };
    let end = |_: *mut c_void, _: *const C::xmlChar| events.borrow_mut().push(']');
    let characters = |_: *mut c_void, text: *const C::xmlChar, length: c_int| {
        let text = unsafe { C::GoStringN(text, length) };
        events.borrow_mut().push_str(&format!(" {}", text.trim()));
    };
    callback(start).bare(|start| {
        callback(end).bare(|end| {
            callback(characters).bare(|characters| unsafe {
                let mut handler = C::xmlSAXHandler {
                    startElement: Some(start),
                    endElement: Some(end),
                    characters: Some(characters),
                    ..Default::default()
                };
                C::xmlSAXUserParseMemory(&mut handler, null_mut(), DOCUMENT.as_ptr(), length());
            })
        })
    })???;
    Ok(events.into_inner())
}

fn main() {
    println!("{:?}", events());
    unsafe {
        let document = C::xmlReadMemory(
            DOCUMENT.as_ptr(),
            length(),
            c"shop.xml".as_ptr(),
            std::ptr::null(),
            0,
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
