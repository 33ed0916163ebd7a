//! Compares an exported item with what C declares under its name, while the crate compiles.

use super::prototype::{Member, Numbers, Prototype, Shape};
use crate::kind::Kind;
use crate::lengths::Lengths;
use crate::message::Message;

/// Compares an exported item with what C says of it.
///
/// # Panics
///
/// If they do not agree: at compile time, since it is called in constants alone.
#[track_caller]
#[inline]
pub const fn check(
    name: &str,
    shape: Shape<'_>,
    numbers: Numbers<'_>,
    declared: &[Option<Prototype>],
) {
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
const fn numbers_disagree(ours: Numbers<'_>, declared: &Prototype, message: &mut Message) -> bool {
    match (ours, declared.numbers) {
        (_, None) => false,
        (Numbers::Values(ours), Some(Numbers::Values(theirs))) => {
            values_disagree(ours, theirs, message)
        }
        (Numbers::Lengths(ours), Some(Numbers::Lengths(theirs))) => {
            lengths_disagree(ours, theirs, message)
        }
        (Numbers::Values(_), Some(Numbers::Lengths(_))) => {
            message.text("it is an enum here, and not in C");
            true
        }
        (Numbers::Lengths(_), Some(Numbers::Values(_))) => {
            message.text("it is an enum in C, and not here");
            true
        }
    }
}

const AND_IN_C: &str = " in C: write the number itself";

#[inline]
const fn values_disagree(ours: &[i128], theirs: &[i128], message: &mut Message) -> bool {
    if counts_disagree("variants", ours.len(), theirs.len(), message) {
        return true;
    }
    let mut at = 0;
    while at < ours.len() {
        if ours[at] != theirs[at] {
            message.text("variant ");
            message.number(at + 1);
            message.text(" is ");
            message.signed(ours[at]);
            message.text(" here, and ");
            message.signed(theirs[at]);
            message.text(AND_IN_C);
            return true;
        }
        at += 1;
    }
    false
}

#[inline]
const fn lengths_disagree(ours: &[Lengths], theirs: &[Lengths], message: &mut Message) -> bool {
    if counts_disagree("arrays", ours.len(), theirs.len(), message) {
        return true;
    }
    let mut at = 0;
    while at < ours.len() {
        if !ours[at].agree_with(&theirs[at]) {
            message.text("an array in it is ");
            message.lengths(&ours[at]);
            message.text(" here, and ");
            message.lengths(&theirs[at]);
            message.text(AND_IN_C);
            return true;
        }
        at += 1;
    }
    false
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

    use std::format;
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

    fn numbers_answer(ours: Numbers<'_>, theirs: Numbers<'static>) -> Option<String> {
        let mut message = Message::new();
        let declared = Prototype {
            numbers: Some(theirs),
            ..TAKES_INT
        };
        numbers_disagree(ours, &declared, &mut message).then(|| message.as_str().to_string())
    }

    #[test]
    fn values_are_compared() {
        let answer = |ours: &[i128], theirs: &'static [i128]| {
            numbers_answer(Numbers::Values(ours), Numbers::Values(theirs))
        };
        assert_eq!(answer(&[1, -5], &[1, -5]), None);
        let expected = "variant 2 is 15 here, and -240 in C: write the number itself";
        assert_eq!(answer(&[1, 15], &[1, -240]).as_deref(), Some(expected));
        // A `usize` has 32 bits on some targets.
        let expected =
            "variant 1 is 18446744073709551616 here, and 0 in C: write the number itself";
        assert_eq!(answer(&[1 << 64], &[0]).as_deref(), Some(expected));
        let expected = "the number of variants is 1 here, and 2 in C";
        assert_eq!(answer(&[1], &[1, 7]).as_deref(), Some(expected));
    }

    #[test]
    fn lengths_are_compared() {
        use Lengths::{Array, None as NoArray, Unread};
        const THREE: Lengths = Array(3, &NoArray);
        const TWO_OF_THREE: Lengths = Array(2, &THREE);
        let answer = |ours: Lengths, theirs: &'static [Lengths]| {
            numbers_answer(Numbers::Lengths(&[ours]), Numbers::Lengths(theirs))
        };
        for ours in [NoArray, THREE, TWO_OF_THREE] {
            assert_eq!(answer(ours, &[Unread]), None);
        }
        assert_eq!(answer(TWO_OF_THREE, &[TWO_OF_THREE]), None);
        assert_eq!(answer(TWO_OF_THREE, &[Array(2, &Unread)]), None);
        assert_eq!(answer(NoArray, &[Array(2, &Unread)]), None);
        for (ours, theirs, expected) in [
            (TWO_OF_THREE, &[THREE], "[2][3] here, and [3] in C"),
            (THREE, &[TWO_OF_THREE], "[3] here, and [2][3] in C"),
            (THREE, &[NoArray], "[3] here, and none in C"),
            (NoArray, &[THREE], "none here, and [3] in C"),
            (
                TWO_OF_THREE,
                &[Array(3, &Unread)],
                "[2][3] here, and [3] in C",
            ),
        ] {
            let expected = format!("an array in it is {expected}: write the number itself");
            assert_eq!(answer(ours, theirs), Some(expected));
        }
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
