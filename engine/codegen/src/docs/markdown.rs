//! Writes the text of a C comment as Markdown that shows the same text: nothing in it becomes a link, a heading or HTML, and Doxygen's
//! commands read as words.

/// The lines of a comment, without its delimiters, as Markdown.
pub(crate) fn of_lines(lines: Vec<String>) -> String {
    let mut writer = MarkdownWriter::default();
    for line in without_margin(lines) {
        writer.line(&line);
    }
    writer.finish()
}

/// Removes the indentation that all lines have. The first line stands beside the comment's delimiter, and has its own.
fn without_margin(mut lines: Vec<String>) -> Vec<String> {
    for line in &mut lines {
        *line = line.trim_end().replace('\t', "    ");
    }
    let margin = lines.iter().skip(1).filter(|line| !line.is_empty());
    let margin = margin.map(|line| indent(line)).min().unwrap_or(0);
    for (index, line) in lines.iter_mut().enumerate() {
        let cut = if index == 0 { indent(line) } else { margin };
        line.drain(..cut.min(line.len()));
    }
    lines
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// What the lines being gathered are.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum BlockKind {
    #[default]
    Paragraph,
    /// An item of a list.
    Item,
    /// Indented: shown as it is.
    Indented,
    /// Between two commands or fences: shown as it is.
    Verbatim,
}

/// Gathers lines to blocks, and writes these one after another.
#[derive(Default)]
struct MarkdownWriter {
    text: String,
    kind: BlockKind,
    lines: Vec<String>,
    last_was_item: bool,
}

impl MarkdownWriter {
    fn line(&mut self, line: &str) {
        let plain = line.trim();
        if self.kind == BlockKind::Verbatim {
            match ends_verbatim(plain) {
                true => self.start(BlockKind::Paragraph),
                false => self.lines.push(line.to_string()),
            }
        } else if plain.is_empty() || is_rule(plain) {
            self.blank();
        } else if starts_verbatim(plain) {
            self.start(BlockKind::Verbatim);
        } else if indent(line) >= 4 && (self.lines.is_empty() || self.kind == BlockKind::Indented) {
            self.kind = BlockKind::Indented;
            self.lines.push(line.to_string());
        } else {
            self.prose(plain);
        }
    }

    fn blank(&mut self) {
        match self.kind {
            BlockKind::Indented => self.lines.push(String::new()),
            _ => self.start(BlockKind::Paragraph),
        }
    }

    fn prose(&mut self, line: &str) {
        if self.kind == BlockKind::Indented {
            self.start(BlockKind::Paragraph);
        }
        if let Some((command, rest)) = command(line) {
            match meaning(command) {
                Some(Meaning::Nothing) => return self.start(BlockKind::Paragraph),
                Some(Meaning::Prefix(prefix)) => {
                    self.start(BlockKind::Paragraph);
                    let space = if prefix.is_empty() { "" } else { " " };
                    return self
                        .lines
                        .push(format!("{prefix}{space}{}", inline(rest.trim_start())));
                }
                Some(Meaning::Named(prefix)) => {
                    self.start(BlockKind::Item);
                    return self.lines.push(named(prefix, rest));
                }
                None => {}
            }
        }
        if let Some((sign, rest)) = self.item(line) {
            self.start(BlockKind::Item);
            return self.lines.push(format!("{sign} {}", inline(rest)));
        }
        self.lines.push(at_line_start(&inline(line)));
    }

    /// A bullet, or a number where a list can start: in running text a line may start with one by chance.
    fn item<'l>(&self, line: &'l str) -> Option<(&'l str, &'l str)> {
        let (sign, rest) = line.split_once(' ')?;
        let digits = sign.trim_end_matches(['.', ')']);
        let number = digits.len() + 1 == sign.len()
            && digits.len() <= 3
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        let in_text = self.kind == BlockKind::Paragraph && !self.lines.is_empty();
        let is_item = matches!(sign, "-" | "*" | "+") || (number && !digits.is_empty() && !in_text);
        is_item.then_some((sign, rest.trim_start()))
    }

    /// Writes what has been gathered, and goes on with another block.
    fn start(&mut self, kind: BlockKind) {
        let lines = std::mem::take(&mut self.lines);
        let kind = std::mem::replace(&mut self.kind, kind);
        let block = match kind {
            BlockKind::Paragraph | BlockKind::Item => lines.join("\n"),
            BlockKind::Indented | BlockKind::Verbatim => {
                let lines = without_margin([vec![String::new()], lines].concat());
                lines[1..].join("\n").trim_end().to_string()
            }
        };
        if block.is_empty() {
            return;
        }
        let is_item = kind == BlockKind::Item;
        if !self.text.is_empty() {
            let close = is_item && self.last_was_item;
            self.text.push_str(if close { "\n" } else { "\n\n" });
        }
        self.last_was_item = is_item;
        match kind {
            BlockKind::Paragraph | BlockKind::Item => self.text.push_str(&block),
            BlockKind::Indented | BlockKind::Verbatim => {
                self.text.push_str(&fenced("text", &block))
            }
        }
    }

    fn finish(mut self) -> String {
        self.start(BlockKind::Paragraph);
        self.text
    }
}

/// A block of code that ends nowhere but at its end.
pub fn fenced(language: &str, text: &str) -> String {
    let (mut run, mut longest) = (0, 2);
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    format!("{fence}{language}\n{text}\n{fence}")
}

/// `-----`, `=====`, `*****`: a line drawn, which would make a heading of the text above it.
fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.chars().all(|c| "-=*_#~+/".contains(c))
}

fn starts_verbatim(line: &str) -> bool {
    let known = |(command, _): (&str, &str)| matches!(command, "code" | "verbatim");
    line.starts_with("```") || line.starts_with("~~~") || command(line).is_some_and(known)
}

fn ends_verbatim(line: &str) -> bool {
    let known = |(command, _): (&str, &str)| matches!(command, "endcode" | "endverbatim");
    line.starts_with("```") || line.starts_with("~~~") || command(line).is_some_and(known)
}

/// `@brief text` or `\brief text`: Doxygen's command, and what follows it.
fn command(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix(['@', '\\'])?;
    let length = rest.find(|c: char| !c.is_ascii_alphabetic());
    let (word, rest) = rest.split_at(length.unwrap_or(rest.len()));
    match word {
        "" => rest.starts_with(['{', '}']).then(|| rest.split_at(1)),
        word => Some((word, rest)),
    }
}

/// What becomes of a command at a line's start.
enum Meaning {
    /// The line says nothing to a reader here.
    Nothing,
    /// The text goes on behind these words.
    Prefix(&'static str),
    /// A name follows, then its text.
    Named(&'static str),
}

/// Doxygen's manual, "Special commands"; others stay as they are written.
fn meaning(command: &str) -> Option<Meaning> {
    Some(match command {
        "{" | "}" | "ingroup" | "addtogroup" | "defgroup" | "weakgroup" | "file" | "fn" | "def"
        | "struct" | "union" | "enum" | "typedef" | "var" => Meaning::Nothing,
        "brief" | "short" | "details" | "par" => Meaning::Prefix(""),
        "return" | "returns" | "result" => Meaning::Prefix("Returns:"),
        "note" | "remark" | "remarks" => Meaning::Prefix("Note:"),
        "warning" | "attention" => Meaning::Prefix("Warning:"),
        "deprecated" => Meaning::Prefix("Deprecated:"),
        "see" | "sa" => Meaning::Prefix("See:"),
        "since" => Meaning::Prefix("Since:"),
        "pre" => Meaning::Prefix("Before:"),
        "post" => Meaning::Prefix("Afterwards:"),
        "param" => Meaning::Named(""),
        "retval" => Meaning::Named("Returns "),
        _ => return None,
    })
}

/// `[in] name text` as the item of a list.
fn named(prefix: &str, rest: &str) -> String {
    let rest = rest.trim_start();
    let direction = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let rest = direction.map_or(rest, |(_, rest)| rest.trim_start());
    let (name, text) = rest.split_once(' ').unwrap_or((rest, ""));
    match name {
        "" => format!("- {prefix}"),
        name => format!("- {prefix}{}: {}", code(name), inline(text.trim_start()))
            .trim_end()
            .to_string(),
    }
}

/// Text of one line in which Markdown finds nothing but an address and `code`.
pub fn inline(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len());
    let (mut rest, mut before) = (text, ' ');
    while let Some(first) = rest.chars().next() {
        let special = match first {
            'h' if !before.is_alphanumeric() => address(rest),
            '`' => quoted(rest),
            '@' | '\\' if before.is_whitespace() || "([\"'".contains(before) => emphasized(rest),
            _ => None,
        };
        if let Some((length, special)) = special {
            markdown.push_str(&special);
            (rest, before) = (&rest[length..], '`');
            continue;
        }
        let next = rest[first.len_utf8()..].chars().next().unwrap_or(' ');
        let means = match first {
            // Two would become a dash.
            '-' => before == '-',
            // Inside a word it means nothing.
            '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
            _ => "\\`*[]<>&~|#".contains(first),
        };
        if means {
            markdown.push('\\');
        }
        markdown.push(first);
        (rest, before) = (&rest[first.len_utf8()..], first);
    }
    markdown
}

/// A web address at the start of `text`, as a link.
fn address(text: &str) -> Option<(usize, String)> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| text.starts_with(scheme))?;
    let outside = |c: char| c.is_whitespace() || c.is_control() || "<>\"'`\\[](){}|^".contains(c);
    let end = text.find(outside).unwrap_or(text.len());
    let address = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
    (address.len() > scheme.len()).then(|| (address.len(), format!("<{address}>")))
}

/// `` `code` `` at the start of `text`.
fn quoted(text: &str) -> Option<(usize, String)> {
    let inside = text.strip_prefix('`')?;
    let (inside, after) = inside.split_once('`')?;
    let alone = !inside.trim().is_empty() && !after.starts_with('`');
    alone.then(|| (inside.len() + 2, code(inside)))
}

/// Longer words are not shown as code.
const LONGEST_WORD: usize = 100;

/// `@p word` and its kin at the start of `text`.
fn emphasized(text: &str) -> Option<(usize, String)> {
    let (command, rest) = command(text)?;
    if !matches!(command, "a" | "b" | "c" | "e" | "em" | "p" | "ref") {
        return None;
    }
    let start = text.len() - rest.trim_start().len();
    let near = text[start..].char_indices().nth(LONGEST_WORD);
    let near = &text[start..near.map_or(text.len(), |(at, _)| start + at)];
    let word = near.split_whitespace().next()?;
    let word = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'']);
    (!word.is_empty() && !word.contains('`')).then(|| (start + word.len(), code(word)))
}

/// A word as code. A backtick in it would end it.
fn code(word: &str) -> String {
    match word.contains('`') {
        true => inline(word),
        false => format!("`{word}`"),
    }
}

/// A line of running text must not start a list or a heading.
fn at_line_start(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let at = match line.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => digits,
        Some(b'-' | b'+' | b'=' | b':') if digits == 0 => 0,
        _ => return line.to_string(),
    };
    format!("{}\\{}", &line[..at], &line[at..])
}
