//! Validates the types that were read from an object file, which may be damaged: no type contains itself, and sizes and alignments are
//! possible. Types that are nested too deep for later stages and for rustc are marked as unsupported.

use crate::model::types::{
    Body, Member, Position, Record, Signature, Type, TypeId, Typedef, Types, Unsupported,
};

/// The depth to which later stages follow types by recursion.
const MAX_DEPTH: usize = 1000;
/// rustc 1.95 follows `typedef void (*f2)(f1);` and so on for a thousand steps of three types each, and not for two thousand.
const MAX_EXPANDED_DEPTH: usize = 3000;
/// rustc follows at most 128.
const MAX_DIMENSIONS: usize = 100;
/// The number of types that one type may be written with. `__typeof__` can double it at each step, and so can the typedef of a function,
/// which rustc expands wherever it occurs.
const MAX_EXPANDED_TYPES: usize = 100_000;
/// clang's largest alignment, which is more than Rust's.
const MAX_ALIGNMENT: u64 = 1 << 32;
/// The size of C's largest object.
const MAX_SIZE: u64 = i64::MAX as u64;

/// Returns what is impossible about the types, or marks those that are nested too deep.
pub fn check(types: &mut Types) -> Result<(), String> {
    for ctype in &types.list {
        if !has_possible_figures(ctype) {
            return Err(format!("a size or place that no type has, in {ctype:?}"));
        }
    }
    let depth = |inner: &[usize], _: &Type| inner.iter().max().map_or(0, |most| most + 1);
    let count =
        |inner: &[usize], _: &Type| inner.iter().fold(1, |sum: usize, n| sum.saturating_add(*n));
    let dimensions = |inner: &[usize], ctype: &Type| {
        let is_array = matches!(ctype, Type::Array { .. });
        inner.iter().sum::<usize>() + usize::from(is_array)
    };
    let measures: [(Inner, Measure, usize); 5] = [
        (contained_in, depth, MAX_DEPTH),
        (element_of, dimensions, MAX_DIMENSIONS),
        (written_in, depth, MAX_DEPTH),
        // rustc follows typedefs by recursion.
        (expanded_in, depth, MAX_EXPANDED_DEPTH),
        (expanded_in, count, MAX_EXPANDED_TYPES),
    ];
    let mut too_deep = vec![false; types.list.len()];
    for (inner, measure, most) in measures {
        let measured = measured(types, inner, measure).ok_or("a type that contains itself")?;
        for (too_deep, measured) in too_deep.iter_mut().zip(measured) {
            *too_deep |= measured > most;
        }
    }
    for (ctype, too_deep) in types.list.iter_mut().zip(too_deep) {
        if too_deep {
            *ctype = Type::Unsupported(Unsupported::NestedTooDeep);
        }
    }
    Ok(())
}

/// Whether an alignment is possible.
pub fn is_alignment(align: u64) -> bool {
    align.is_power_of_two() && align <= MAX_ALIGNMENT
}

fn has_possible_figures(ctype: &Type) -> bool {
    match ctype {
        Type::Base(base) => base.size <= MAX_SIZE,
        Type::Vector { size, .. } => *size <= MAX_SIZE,
        Type::Enum(e) => matches!(e.size, 1 | 2 | 4 | 8 | 16),
        Type::Record(Record {
            body: Some(body), ..
        }) => {
            let placed = |member: &Member| match member.position {
                Position::Byte(offset) => offset <= body.size,
                // Of `size` bytes, each with eight bits.
                Position::Bits { offset, width } => {
                    u128::from(offset) + u128::from(width) <= u128::from(body.size) * 8
                }
            };
            body.size <= MAX_SIZE
                && body.align.is_none_or(is_alignment)
                && body
                    .members
                    .iter()
                    .all(|member| member.align.is_none_or(is_alignment))
                && body.members.iter().all(placed)
        }
        Type::Typedef(typedef) => typedef.align.is_none_or(is_alignment),
        _ => true,
    }
}

/// The types inside of a type, in one sense of the word.
type Inner = fn(&Type) -> Vec<TypeId>;

/// The types whose sizes its size depends on.
fn contained_in(ctype: &Type) -> Vec<TypeId> {
    match ctype {
        Type::Typedef(Typedef { target, .. }) | Type::Qualified(_, target) => vec![*target],
        Type::Array { element, .. } | Type::Vector { element, .. } => vec![*element],
        Type::Record(Record {
            body: Some(Body { members, .. }),
            ..
        }) => members.iter().map(|member| member.ctype).collect(),
        _ => Vec::new(),
    }
}

/// The type in which the dimensions of an array go on.
fn element_of(ctype: &Type) -> Vec<TypeId> {
    match ctype {
        Type::Typedef(Typedef { target: inner, .. })
        | Type::Qualified(_, inner)
        | Type::Array { element: inner, .. } => vec![*inner],
        _ => Vec::new(),
    }
}

/// The types that it is written with. Records, enumerations and typedefs are written by name.
fn written_in(ctype: &Type) -> Vec<TypeId> {
    match ctype {
        Type::Pointer(inner) | Type::Qualified(_, inner) | Type::Array { element: inner, .. } => {
            vec![*inner]
        }
        Type::Function(Signature {
            result, parameters, ..
        }) => [&[*result], &parameters[..]].concat(),
        _ => Vec::new(),
    }
}

/// The types that it is for rustc, which expands typedefs.
fn expanded_in(ctype: &Type) -> Vec<TypeId> {
    match ctype {
        Type::Typedef(typedef) => vec![typedef.target],
        _ => written_in(ctype),
    }
}

/// Computes a figure of a type from those of the types inside.
type Measure = fn(&[usize], &Type) -> usize;

/// The figure of each type, computed once and without recursion; `None` if a type is inside of itself.
fn measured(types: &Types, inner: Inner, measure: Measure) -> Option<Vec<usize>> {
    #[derive(Clone, Copy)]
    enum Known {
        Nothing,
        /// The types inside are being measured.
        Open,
        Measure(usize),
    }
    let mut known = vec![Known::Nothing; types.list.len()];
    // A type stays here until all types inside are known.
    let mut waiting: Vec<usize> = (0..types.list.len()).rev().collect();
    while let Some(&at) = waiting.last() {
        let inside = inner(&types.list[at]);
        let inside = inside.iter().map(|id| id.0 as usize);
        match known[at] {
            Known::Nothing => {
                known[at] = Known::Open;
                for next in inside {
                    match known[next] {
                        Known::Nothing => waiting.push(next),
                        Known::Open => return None,
                        Known::Measure(_) => {}
                    }
                }
                continue;
            }
            Known::Open => {
                let measures = inside.map(|next| match known[next] {
                    Known::Measure(measure) => Some(measure),
                    Known::Nothing | Known::Open => None,
                });
                let measures: Vec<usize> = measures.collect::<Option<_>>()?;
                known[at] = Known::Measure(measure(&measures, &types.list[at]));
            }
            Known::Measure(_) => {}
        }
        waiting.pop();
    }
    let measures = known.into_iter().map(|known| match known {
        Known::Measure(measure) => Some(measure),
        Known::Nothing | Known::Open => None,
    });
    measures.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::types::RecordKind;

    /// The types after the check.
    fn of(list: Vec<Type>) -> Result<Vec<Type>, String> {
        let mut types = Types {
            list,
            ..Types::default()
        };
        check(&mut types).map(|()| types.list)
    }

    fn record(size: u64, align: u64, offset: u64, ctype: u32) -> Type {
        let member = Member {
            name: None,
            ctype: TypeId(ctype),
            position: Position::Byte(offset),
            align: None,
        };
        Type::Record(Record {
            kind: RecordKind::Struct,
            tag: None,
            body: Some(Body {
                size,
                align: Some(align),
                members: vec![member],
                hidden_bits: false,
                packed: false,
                transparent: false,
            }),
        })
    }

    #[test]
    fn a_type_cannot_hold_itself_but_point_to_itself() {
        let named = |target| {
            Type::Typedef(Typedef {
                name: "t".into(),
                target: TypeId(target),
                align: None,
            })
        };
        assert!(of(vec![named(0)]).is_err());
        assert!(of(vec![named(1), named(0)]).is_err());
        assert!(of(vec![record(8, 8, 0, 0)]).is_err());
        assert!(of(vec![Type::Pointer(TypeId(0))]).is_err());
        assert!(of(vec![record(8, 8, 0, 1), Type::Pointer(TypeId(0))]).is_ok());
        assert!(of(vec![named(1), Type::Pointer(TypeId(0))]).is_err());
    }

    fn unsupported(list: Vec<Type>) -> usize {
        let checked = of(list).unwrap();
        let is_unsupported = |ctype: &&Type| matches!(ctype, Type::Unsupported(_));
        checked.iter().filter(is_unsupported).count()
    }

    #[test]
    fn nesting_has_an_end() {
        let chain = |length: u32| {
            let mut list: Vec<Type> = (1..length).map(|at| Type::Pointer(TypeId(at))).collect();
            list.push(Type::Void);
            list
        };
        assert_eq!(unsupported(chain(900)), 0);
        // Whatever the order, it is what lies around the thousand that is too deep.
        assert_eq!(unsupported(chain(2000)), 999);
        let pointers = (0..1999).map(|at| Type::Pointer(TypeId(at)));
        assert_eq!(
            unsupported([Type::Void].into_iter().chain(pointers).collect()),
            999
        );
    }

    #[test]
    fn what_doubles_at_each_step_has_an_end() {
        let twice = |at| {
            Type::Function(Signature {
                result: TypeId(at),
                parameters: vec![TypeId(at)],
                variadic: false,
                unspecified: false,
                convention: false,
            })
        };
        assert_eq!(
            unsupported([Type::Void].into_iter().chain((0..15).map(twice)).collect()),
            0
        );
        assert_eq!(
            unsupported([Type::Void].into_iter().chain((0..60).map(twice)).collect()),
            45
        );
        // `typedef t0 (*t1)(t0);` and so on, which rustc never ends to look at.
        let named = |at| {
            Type::Typedef(Typedef {
                name: "t".into(),
                target: TypeId(at),
                align: None,
            })
        };
        let steps = (0..60).flat_map(|step| [twice(2 * step), named(2 * step + 1)]);
        let checked = of([Type::Void].into_iter().chain(steps).collect()).unwrap();
        assert!(!matches!(checked[20], Type::Unsupported(_)));
        assert!(
            checked[40..]
                .iter()
                .all(|ctype| matches!(ctype, Type::Unsupported(_)))
        );
    }

    #[test]
    fn typedefs_nest_no_deeper_than_rustc_follows() {
        // `typedef void (*t1)(t0);` and so on.
        let steps = |count: u32| {
            let step = |at| {
                let function = Type::Function(Signature {
                    result: TypeId(0),
                    parameters: vec![TypeId(3 * at)],
                    variadic: false,
                    unspecified: false,
                    convention: false,
                });
                let typedef = Type::Typedef(Typedef {
                    name: "t".into(),
                    target: TypeId(3 * at + 2),
                    align: None,
                });
                [function, Type::Pointer(TypeId(3 * at + 1)), typedef]
            };
            [Type::Void]
                .into_iter()
                .chain((0..count).flat_map(step))
                .collect()
        };
        assert_eq!(unsupported(steps(1000)), 0);
        assert_eq!(unsupported(steps(1010)), 30);
    }

    #[test]
    fn figures_are_possible() {
        assert!(of(vec![record(8, 8, 4, 1), Type::Void]).is_ok());
        for (size, align, offset) in [
            (u64::MAX, 8, 0),
            (8, 0, 0),
            (8, 3, 0),
            (8, 8, 9),
            (8, 1 << 40, 0),
        ] {
            assert!(of(vec![record(size, align, offset, 1), Type::Void]).is_err());
        }
    }
}
