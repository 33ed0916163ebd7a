//! Compares an exported item with what C declares under its name, while the crate compiles.

use super::prototype::{Member, Prototype, Shape};
use crate::kind::Kind;
use crate::message::Message;

/// Compares an exported item with what C says of it.
///
/// # Panics
///
/// If they do not agree: at compile time, since it is called in constants alone.
#[track_caller]
#[inline]
pub const fn check(name: &str, shape: Shape<'_>, numbers: &[i128], declared: &[Option<Prototype>]) {
    let mut at = 0;
    while at < declared.len() {
        if let Some(prototype) = &declared[at] {
            let mut message = Message::new();
            message.text("`");
            message.text(name);
            message.text("` is ");
            if disagree(shape, prototype, &mut message)
                || numbers_disagree(numbers, prototype, &mut message)
            {
                message.text("\nC, ");
                message.text(prototype.place);
                message.text(": ");
                message.text(prototype.text);
                panic!("{}", message.as_str());
            }
        }
        at += 1;
    }
}

/// Whether the two declarations differ; then the message is continued with the difference.
#[inline]
const fn disagree(ours: Shape<'_>, declared: &Prototype, message: &mut Message) -> bool {
    if declared.defined {
        message.text("defined in C too\nhelp: remove one of the two, or rename this one: #[export_c(name = \"..\")]");
        return true;
    }
    message.text("not what C declares: ");
    match (ours, declared.shape) {
        (
            Shape::Function {
                parameters: Some(parameters),
                variadic: ours_is_variadic,
                result,
            },
            Shape::Function {
                parameters: theirs,
                variadic,
                result: their_result,
            },
        ) => {
            if ours_is_variadic != variadic {
                message.text(match variadic {
                    true => "it takes `...` in C, and not here",
                    false => "it takes `...` here, and not in C",
                });
                return true;
            }
            if let Some(theirs) = theirs
                && parameters_disagree(parameters, theirs, message)
            {
                return true;
            }
            kinds_disagree("the result", result, their_result, message)
        }
        (Shape::Variable(ours), Shape::Variable(theirs))
        | (Shape::Type(ours), Shape::Type(theirs)) => kinds_disagree("it", ours, theirs, message),
        (Shape::Record(ours, members), Shape::Record(theirs, their_members)) => {
            kinds_disagree("it", ours, theirs, message)
                || members_disagree(members, their_members, message)
        }
        (_, Shape::Unsaid) => false,
        (ours, theirs) => {
            message.text("it is ");
            message.text(ours.what());
            message.text(" here, and ");
            message.text(theirs.what());
            message.text(" in C");
            true
        }
    }
}

/// What is read from Rust's text may be another number for rustc, which knows more of Rust.
#[inline]
const fn numbers_disagree(ours: &[i128], declared: &Prototype, message: &mut Message) -> bool {
    let Some(theirs) = declared.numbers else {
        return false;
    };
    let mut at = 0;
    while at < ours.len() && at < theirs.len() && is_number(ours[at], theirs[at]) {
        at += 1;
    }
    if at == ours.len() && at == theirs.len() {
        return false;
    }
    message.text("number ");
    message.number(at + 1);
    message.text(" in it is ");
    message.signed(ours, at);
    message.text(" here, and ");
    match at < theirs.len() && theirs[at] < i128::MIN / 2 {
        true => message.signed(&[theirs[at] - i128::MIN], 0),
        false => message.signed(theirs, at),
    }
    message.text(" in C: write the number itself");
    true
}

/// Numbers from `i128::MIN` on are lengths of arrays of something that only rustc knows, which may be arrays, or nothing that it passes.
#[inline]
const fn is_number(ours: i128, theirs: i128) -> bool {
    if theirs >= i128::MIN / 2 {
        return ours == theirs;
    }
    let outer = theirs - i128::MIN;
    let mut places: i128 = 1;
    while places <= outer {
        match places.checked_mul(1_000_000_000_000) {
            Some(more) => places = more,
            // All the places that there are belong to the outer arrays.
            None => return ours == 0 || ours == outer,
        }
    }
    ours == 0 || ours % places == outer
}

#[inline]
const fn counts_disagree(what: &str, ours: usize, theirs: usize, message: &mut Message) -> bool {
    if ours == theirs {
        return false;
    }
    message.text("the number of ");
    message.text(what);
    message.text(" is ");
    message.number(ours);
    message.text(" here, and ");
    message.number(theirs);
    message.text(" in C");
    true
}

#[inline]
const fn parameters_disagree(ours: &[Kind], theirs: &[Kind], message: &mut Message) -> bool {
    if counts_disagree("parameters", ours.len(), theirs.len(), message) {
        return true;
    }
    let mut at = 0;
    while at < ours.len() {
        if !ours[at].is_same(theirs[at]) {
            message.text("parameter ");
            message.number(at + 1);
            message.difference(ours[at], theirs[at]);
            return true;
        }
        at += 1;
    }
    false
}

#[inline]
const fn kinds_disagree(what: &str, ours: Kind, theirs: Kind, message: &mut Message) -> bool {
    if ours.is_same(theirs) {
        return false;
    }
    message.text(what);
    message.difference(ours, theirs);
    true
}

#[inline]
const fn members_disagree(
    ours: Option<&[Member]>,
    theirs: Option<&[Member]>,
    message: &mut Message,
) -> bool {
    let (Some(ours), Some(theirs)) = (ours, theirs) else {
        return false;
    };
    if counts_disagree("members", ours.len(), theirs.len(), message) {
        return true;
    }
    let mut at = 0;
    while at < ours.len() {
        let (ours, theirs) = (ours[at], theirs[at]);
        if ours.offset != theirs.offset || ours.size != theirs.size {
            message.text("member ");
            message.number(at + 1);
            message.text(" has ");
            message.number(ours.size);
            message.text(" bytes at offset ");
            message.number(ours.offset);
            message.text(" here, and ");
            message.number(theirs.size);
            message.text(" bytes at offset ");
            message.number(theirs.offset);
            message.text(" in C");
            return true;
        }
        at += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const INT: Kind = Kind::Integer {
        size: 4,
        signed: true,
    };

    fn answer(ours: Shape<'_>, declared: Prototype) -> Option<String> {
        let mut message = Message::new();
        disagree(ours, &declared, &mut message).then(|| {
            let text = message.as_str().to_string();
            text.trim_start_matches("not what C declares: ").to_string()
        })
    }

    use std::string::{String, ToString};

    const fn function(parameters: Option<&[Kind]>, result: Kind) -> Shape<'_> {
        Shape::Function {
            parameters,
            variadic: false,
            result,
        }
    }

    const fn in_c(shape: Shape<'static>) -> Prototype {
        Prototype {
            place: "a.h:1",
            text: "void f(int)",
            defined: false,
            shape,
            numbers: None,
        }
    }

    #[test]
    fn numbers_are_compared() {
        let said = |ours: &[i128], theirs: &'static [i128]| {
            let mut message = Message::new();
            let declared = Prototype {
                numbers: Some(theirs),
                ..TAKES_INT
            };
            numbers_disagree(ours, &declared, &mut message).then(|| message.as_str().to_string())
        };
        assert_eq!(said(&[1, -5], &[1, -5]), None);
        assert_eq!(said(&[1, 7], &[1, i128::MIN]), None);
        let three = &[i128::MIN + 3];
        assert_eq!(said(&[3], three), None);
        assert_eq!(said(&[7_000_000_000_003], three), None);
        assert_eq!(said(&[0], three), None);
        const FOUR_DEEP: i128 = 2_000_000_000_002_000_000_000_002_000_000_000_002;
        assert_eq!(said(&[FOUR_DEEP], &[i128::MIN + FOUR_DEEP]), None);
        let expected = "number 1 in it is 21 here, and 3 in C: write the number itself";
        assert_eq!(said(&[21], three).as_deref(), Some(expected));
        let expected = "number 2 in it is 15 here, and -240 in C: write the number itself";
        assert_eq!(said(&[1, 15], &[1, -240]).as_deref(), Some(expected));
        let expected = "number 2 in it is missing here, and 7 in C: write the number itself";
        assert_eq!(said(&[1], &[1, 7]).as_deref(), Some(expected));
    }

    const TAKES_INT: Prototype = in_c(function(Some(&[INT]), Kind::Void));

    #[test]
    fn what_agrees_is_accepted() {
        assert_eq!(answer(function(Some(&[INT]), Kind::Void), TAKES_INT), None);
        let unprototyped = in_c(function(None, Kind::Void));
        let two = function(Some(&[INT, INT]), Kind::Void);
        assert_eq!(answer(two, unprototyped), None);
        let array = |size| Shape::Variable(Kind::Array { size });
        assert_eq!(answer(array(Some(8)), in_c(array(None))), None);
        assert_eq!(answer(array(Some(8)), in_c(array(Some(8)))), None);
    }

    #[test]
    fn what_differs_is_said() {
        let long = Kind::Integer {
            size: 8,
            signed: true,
        };
        let pair = Kind::Record { size: 8, align: 4 };
        const TWO: [Member; 2] = [Member { offset: 0, size: 4 }, Member { offset: 4, size: 4 }];
        const LATER: [Member; 2] = [Member { offset: 0, size: 4 }, Member { offset: 6, size: 2 }];
        for (ours, theirs, expected) in [
            (
                function(Some(&[long]), Kind::Void),
                TAKES_INT,
                "parameter 1 is a signed integer of 8 bytes here, and a signed integer of 4 bytes in C",
            ),
            (
                function(Some(&[]), Kind::Void),
                TAKES_INT,
                "the number of parameters is 0 here, and 1 in C",
            ),
            (
                function(Some(&[INT]), Kind::Pointer),
                TAKES_INT,
                "the result is a pointer here, and nothing in C",
            ),
            (
                function(Some(&[]), INT),
                in_c(Shape::Variable(INT)),
                "it is a function here, and a variable in C",
            ),
            (
                Shape::Variable(INT),
                in_c(Shape::Variable(long)),
                "it is a signed integer of 4 bytes here, and a signed integer of 8 bytes in C",
            ),
            (
                Shape::Variable(Kind::Array { size: Some(8) }),
                in_c(Shape::Variable(Kind::Array { size: Some(12) })),
                "it is an array of 8 bytes here, and an array of 12 bytes in C",
            ),
            (
                Shape::Record(pair, Some(&TWO)),
                in_c(Shape::Record(pair, Some(&TWO[..1]))),
                "the number of members is 2 here, and 1 in C",
            ),
            (
                Shape::Record(pair, Some(&TWO)),
                in_c(Shape::Record(pair, Some(&LATER))),
                "member 2 has 4 bytes at offset 4 here, and 2 bytes at offset 6 in C",
            ),
            (
                Shape::Type(INT),
                in_c(Shape::Record(pair, Some(&TWO))),
                "it is another type here, and a struct or union in C",
            ),
        ] {
            assert_eq!(answer(ours, theirs).as_deref(), Some(expected));
        }
        let defined = Prototype {
            defined: true,
            ..TAKES_INT
        };
        let said = answer(function(Some(&[INT]), Kind::Void), defined);
        assert!(said.is_some_and(|said| said.starts_with("defined in C too")));
    }
}
