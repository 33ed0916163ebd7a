//! Reads the tables of WebAssembly object files.
//!
//! Names and numbers are those of the WebAssembly specification, "Modules" in "Binary Format", and of tool-conventions, "WebAssembly
//! Object File Linking".

use cgo_csyntax::message::Reason;
use cgo_csyntax::target::ObjectFormat;

use crate::bytes::Bytes;
use crate::cursor::Cursor;
use crate::sections::{DebugSection, Purpose, is_set};
use crate::tables::{Change, Machine, Relocation, Section, Symbol, Tables};

const MAGIC: [u8; 4] = *b"\0asm";
/// Magic and version.
const HEADER: u64 = 8;

const CUSTOM_SECTION: u64 = 0;
const IMPORT_SECTION: u64 = 2;
const DATA_SECTION: u64 = 11;

const WASM_SEGMENT_INFO: u64 = 5;
const WASM_INIT_FUNCS: u64 = 6;
const WASM_SYMBOL_TABLE: u64 = 8;

/// The module of what is undefined, where no attribute names one.
const DEFAULT_MODULE: &str = "env";

const WASM_SEG_FLAG_RETAIN: u8 = 4;

const SYMTAB_FUNCTION: u64 = 0;
const SYMTAB_DATA: u64 = 1;
const SYMTAB_SECTION: u64 = 3;

const WASM_SYM_BINDING_WEAK: u64 = 1;
const WASM_SYM_BINDING_LOCAL: u64 = 2;
const WASM_SYM_UNDEFINED: u64 = 0x10;
const WASM_SYM_EXPLICIT_NAME: u64 = 0x40;

pub(crate) fn is_wasm(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// The machine that the file is for; `None` if it is no object file of WebAssembly.
pub(crate) fn machine(bytes: &[u8]) -> Option<Machine> {
    let is_wide = is_wasm(bytes).then(|| object(bytes))??.has_wide_addresses;
    Some(Machine {
        format: ObjectFormat::Wasm,
        number: u64::from(u32::from_le_bytes(MAGIC)),
        word: if is_wide { 8 } else { 4 },
        little_endian: true,
    })
}

/// Reads an object file.
pub(crate) fn read(all: &[u8]) -> Result<Tables<'_>, Reason> {
    let object = object(all).ok_or(Reason::new("it is truncated or damaged"))?;
    if !object.is_linkable {
        return Err(Reason::new(
            "it is a linked module, without the section `linking`",
        ));
    }
    tables(object).ok_or(Reason::new("it is truncated or damaged"))
}

/// The object file with its linker sets retained. `None` if there are none.
pub(crate) fn with_retained_sets(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut retained = bytes.to_vec();
    let mut has_any = false;
    for info in object(bytes)?.segment_infos {
        if is_set(info.name) {
            // The first byte of a number has its lowest bits.
            *retained.get_mut(usize::try_from(info.flags_at).ok()?)? |= WASM_SEG_FLAG_RETAIN;
            has_any = true;
        }
    }
    has_any.then_some(retained)
}

/// What the sections of the file say.
#[derive(Default)]
struct WasmObject<'a> {
    has_wide_addresses: bool,
    is_linkable: bool,
    runs_at_start: bool,
    /// The imported functions, by their index.
    imported: Vec<FunctionImport<'a>>,
    /// The number of the data section in the file.
    data_section: Option<u64>,
    segments: Vec<Segment<'a>>,
    /// In the order of the segments.
    segment_infos: Vec<SegmentInfo<'a>>,
    symbols: Vec<WasmSymbol<'a>>,
    /// Those of the data section.
    relocations: Vec<Relocation>,
    debug: Vec<(DebugSection, Bytes<'a>)>,
}

/// A data segment.
struct Segment<'a> {
    /// Its offset in the data section.
    start: u64,
    bytes: Bytes<'a>,
}

struct SegmentInfo<'a> {
    name: &'a str,
    /// The place of its flags in the file.
    flags_at: u64,
}

#[derive(Clone, Copy)]
struct FunctionImport<'a> {
    module: &'a str,
    name: &'a str,
}

struct WasmSymbol<'a> {
    /// Empty if it is that of the import.
    name: &'a str,
    flags: u64,
    kind: u64,
    /// The segment of data, and the offset in it.
    data: Option<(u64, u64)>,
    /// The index of the imported function.
    import: Option<u64>,
}

fn object(all: &[u8]) -> Option<WasmObject<'_>> {
    let bytes = Bytes {
        all,
        little_endian: true,
    };
    let mut file = Cursor { bytes, at: HEADER };
    let mut object = WasmObject::default();
    for number in 0.. {
        if file.is_at_end() {
            break;
        }
        let id = file.fixed(1)?;
        let size = file.uleb()?;
        let start = file.at;
        let section = Cursor {
            bytes: file.part(size)?,
            at: 0,
        };
        match id {
            CUSTOM_SECTION => object.custom_section(section, start)?,
            IMPORT_SECTION => object.imports(section)?,
            DATA_SECTION => {
                object.data_section = Some(number);
                object.data(section)?;
            }
            _ => {}
        }
    }
    Some(object)
}

impl<'a> WasmObject<'a> {
    fn imports(&mut self, mut section: Cursor<'a>) -> Option<()> {
        for _ in 0..section.uleb()? {
            let (module, name) = (name(&mut section)?, name(&mut section)?);
            match section.fixed(1)? {
                // A function.
                0 => {
                    section.uleb()?;
                    self.imported.push(FunctionImport { module, name });
                }
                // A table.
                1 => {
                    section.fixed(1)?;
                    limits(&mut section)?;
                }
                // A memory. Every object file imports that of the program.
                2 => self.has_wide_addresses = limits(&mut section)?,
                // A global variable.
                3 => drop(section.fixed(2)?),
                // A tag of exceptions.
                4 => {
                    section.fixed(1)?;
                    section.uleb()?;
                }
                _ => return None,
            }
        }
        Some(())
    }

    fn data(&mut self, mut section: Cursor<'a>) -> Option<()> {
        for _ in 0..section.uleb()? {
            match section.uleb()? {
                0 => offset(&mut section)?,
                // Without a place of its own.
                1 => {}
                2 => {
                    section.uleb()?;
                    offset(&mut section)?;
                }
                _ => return None,
            }
            let length = section.uleb()?;
            self.segments.push(Segment {
                start: section.at,
                bytes: section.part(length)?,
            });
        }
        Some(())
    }

    fn custom_section(&mut self, mut section: Cursor<'a>, start: u64) -> Option<()> {
        let name = name(&mut section)?;
        if name == "linking" {
            self.is_linkable = true;
            self.linking(section, start)
        } else if name.starts_with("reloc.") {
            self.relocations(section)
        } else {
            let length = section.bytes.all.len() as u64 - section.at;
            if let Some(debug) = DebugSection::of(name) {
                self.debug.push((debug, section.part(length)?));
            }
            Some(())
        }
    }

    /// Reads the section `linking`, which starts at `start` in the file.
    fn linking(&mut self, mut section: Cursor<'a>, start: u64) -> Option<()> {
        let _version = section.uleb()?;
        while !section.is_at_end() {
            let kind = section.fixed(1)?;
            let length = section.uleb()?;
            let start = start + section.at;
            let mut part = Cursor {
                bytes: section.part(length)?,
                at: 0,
            };
            match kind {
                WASM_SEGMENT_INFO => {
                    for _ in 0..part.uleb()? {
                        let name = name(&mut part)?;
                        let _alignment = part.uleb()?;
                        let flags_at = start + part.at;
                        let _flags = part.uleb()?;
                        self.segment_infos.push(SegmentInfo { name, flags_at });
                    }
                }
                WASM_INIT_FUNCS => self.runs_at_start |= part.uleb()? > 0,
                WASM_SYMBOL_TABLE => {
                    for _ in 0..part.uleb()? {
                        self.symbols.push(symbol(&mut part)?);
                    }
                }
                _ => {}
            }
        }
        Some(())
    }

    /// Reads the relocations of the data section. Those of the debug sections would add the distances between units, of which an object
    /// file has one: what is in place is right.
    fn relocations(&mut self, mut section: Cursor<'a>) -> Option<()> {
        if Some(section.uleb()?) != self.data_section {
            return Some(());
        }
        for _ in 0..section.uleb()? {
            let (kind, offset, symbol) = (section.fixed(1)?, section.uleb()?, section.uleb()?);
            if has_addend(kind) {
                section.uleb()?;
            }
            self.relocations.push(Relocation {
                offset,
                symbol: usize::try_from(symbol).ok()?,
                change: Change::Set,
                size: if self.has_wide_addresses { 8 } else { 4 },
                addend: None,
            });
        }
        Some(())
    }
}

/// Whether an addend is behind a relocation of this type: one of memory or with an offset in a section.
fn has_addend(kind: u64) -> bool {
    matches!(kind, 3..=5 | 8 | 9 | 11 | 14..=17 | 21..=23 | 25)
}

fn name<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    let length = cursor.uleb()?;
    std::str::from_utf8(cursor.part(length)?.all).ok()
}

/// Skips the limits of a table or memory. Whether its addresses have 64 bits.
fn limits(cursor: &mut Cursor<'_>) -> Option<bool> {
    let flags = cursor.uleb()?;
    let _minimum = cursor.uleb()?;
    if flags & 1 != 0 {
        let _maximum = cursor.uleb()?;
    }
    Some(flags & 4 != 0)
}

/// Skips the expression for a segment's place: one instruction with one number, and `end`.
fn offset(cursor: &mut Cursor<'_>) -> Option<()> {
    let _instruction = cursor.fixed(1)?;
    let _number = cursor.uleb()?;
    (cursor.fixed(1)? == 0x0b).then_some(())
}

fn symbol<'a>(cursor: &mut Cursor<'a>) -> Option<WasmSymbol<'a>> {
    let (kind, flags) = (cursor.fixed(1)?, cursor.uleb()?);
    let is_defined = flags & WASM_SYM_UNDEFINED == 0;
    let (mut given, mut data, mut import) = ("", None, None);
    match kind {
        SYMTAB_DATA => {
            given = name(cursor)?;
            if is_defined {
                data = Some((cursor.uleb()?, cursor.uleb()?));
                let _size = cursor.uleb()?;
            }
        }
        SYMTAB_SECTION => drop(cursor.uleb()?),
        // A function, global variable, tag or table.
        _ => {
            let index = cursor.uleb()?;
            if is_defined || flags & WASM_SYM_EXPLICIT_NAME != 0 {
                given = name(cursor)?;
            }
            if !is_defined && kind == SYMTAB_FUNCTION {
                import = Some(index);
            }
        }
    }
    Some(WasmSymbol {
        name: given,
        flags,
        kind,
        data,
        import,
    })
}

/// The index of the section for all that is no data. The segments come behind it.
const CODE: usize = 0;

fn tables(object: WasmObject<'_>) -> Option<Tables<'_>> {
    let section = |purpose, bytes| Section {
        purpose,
        bytes,
        relocations: Vec::new(),
    };
    let mut sections = vec![section(Purpose::Other, &[])];
    let mut infos = object.segment_infos.iter();
    for segment in &object.segments {
        let name = infos.next().map_or("", |info| info.name);
        sections.push(section(Purpose::of(name, true), segment.bytes.all));
    }
    for relocation in object.relocations {
        let starts_before = |segment: &Segment<'_>| segment.start <= relocation.offset;
        let behind = object.segments.partition_point(starts_before);
        let segment = object.segments.get(behind.checked_sub(1)?)?;
        sections[CODE + behind].relocations.push(Relocation {
            offset: relocation.offset - segment.start,
            ..relocation
        });
    }
    for (debug, bytes) in object.debug {
        sections.push(section(Purpose::Debug(debug), bytes.all));
    }
    let imported = &object.imported;
    let symbols = object.symbols.iter().map(|symbol| {
        let is_defined = symbol.flags & WASM_SYM_UNDEFINED == 0;
        let place = match symbol.data {
            Some((segment, offset)) => (
                usize::try_from(segment).ok()?.checked_add(CODE + 1)?,
                offset,
            ),
            None => (CODE, 0),
        };
        let import = match symbol.import {
            Some(index) => Some(imported.get(usize::try_from(index).ok()?)?),
            None => None,
        };
        let name = match (symbol.name, import) {
            ("", Some(import)) => import.name,
            (name, _) => name,
        };
        // Sections have no name, nor has what the linker itself defines, such as the stack's pointer.
        let is_global = !name.is_empty() && symbol.flags & WASM_SYM_BINDING_LOCAL == 0;
        Some(Symbol {
            name,
            section: is_defined.then_some(place.0),
            value: place.1,
            is_section: symbol.kind == SYMTAB_SECTION,
            is_global,
            is_weak: is_global && symbol.flags & WASM_SYM_BINDING_WEAK != 0,
            is_common: false,
            is_import: import
                .is_some_and(|import| (import.module, import.name) != (DEFAULT_MODULE, name)),
        })
    });
    let symbols = symbols.collect::<Option<_>>()?;
    Some(Tables {
        little_endian: true,
        pointer_size: if object.has_wide_addresses { 8 } else { 4 },
        prefix: "",
        lists_startup: object.runs_at_start,
        sections,
        symbols,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::io::Write;
    use std::process::{Command, Stdio};

    use crate::link_info::{link_info, with_kept_sets};

    /// The object file of the C; `None` without clang.
    fn compiled(c: &str) -> Option<Vec<u8>> {
        let clang = Command::new("clang")
            .args(["--target=wasm32-unknown-unknown", "-c", "-xc", "-", "-o-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut clang) = clang else {
            eprintln!("skipped: there is no clang");
            return None;
        };
        let mut input = clang.stdin.take().unwrap();
        input.write_all(c.as_bytes()).unwrap();
        drop(input);
        Some(clang.wait_with_output().unwrap().stdout)
    }

    #[test]
    fn symbols_are_defined_needed_and_weak() {
        let Some(object) = compiled(
            "int f(int); __attribute__((weak)) int w(void); extern int other; int data = 1;\n\
             __attribute__((import_module(\"m\"), import_name(\"g\"))) int in_c(void);\n\
             static int s(int a) { return w ? f(a) : in_c(); }\n\
             int d(int a) { volatile int on_the_stack = a; return s(on_the_stack) + other; }",
        ) else {
            return;
        };
        let linked = link_info(&object).unwrap();
        let set = |names: &[&str]| {
            names
                .iter()
                .map(|name| name.to_string())
                .collect::<HashSet<_>>()
        };
        assert_eq!(linked.defined, set(&["d", "data"]));
        assert_eq!(linked.needed, set(&["f", "w", "other", "in_c"]));
        assert_eq!(linked.weak, set(&["w"]));
        assert!(!linked.is_whole);
    }

    #[test]
    fn an_import_from_a_named_place_is_known() {
        let Some(object) = compiled(
            "__attribute__((import_module(\"page\"))) void show(void); void plain(void);\n\
             __attribute__((import_name(\"other\"))) void renamed(void);\n\
             void f(void) { show(); plain(); renamed(); }",
        ) else {
            return;
        };
        let symbols = crate::read(&object).unwrap().symbols;
        let imports = symbols.iter().filter(|symbol| symbol.is_import);
        let imports: HashSet<&str> = imports.map(|symbol| symbol.name).collect();
        assert_eq!(imports, HashSet::from(["show", "renamed"]));
    }

    #[test]
    fn constructors_and_linker_sets_are_linked_in_any_case() {
        let constructor = "__attribute__((constructor)) void before_main(void) {}";
        let set = "__attribute__((section(\"set\"), used)) int entry = 1;";
        for c in [constructor, set] {
            let Some(object) = compiled(c) else { return };
            assert!(link_info(&object).unwrap().is_whole, "{c}");
            let kept = with_kept_sets(&object);
            assert_eq!(kept.is_some(), c == set, "{c}");
            assert!(kept.is_none_or(|kept| kept != object && link_info(&kept).is_some()));
        }
    }
}
