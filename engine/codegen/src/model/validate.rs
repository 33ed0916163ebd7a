//! Checks that a model of types can be a C compiler's: no type holds itself, sizes and alignments are such that one can compute
//! with them. A damaged object file is refused here, so that no later stage has to ask. What is nested beyond all use is taken out
//! of the model, so that no later stage has to follow it.

use crate::model::types::{
    Body, Member, Position, Record, Signature, Type, TypeId, Typedef, Types,
};

/// So deep are types that later stages follow down the stack.
const DEEPEST: usize = 1000;
/// Of `typedef void (*f2)(f1);` and so on, three types at each step, rustc 1.95 bears a thousand steps and not two.
const DEEPEST_EXPANDED: usize = 3000;
/// rustc follows no more than 128 of them.
const MOST_DIMENSIONS: usize = 100;
/// So many types are written out for one without a name: `__typeof__` can double them at each step, and so can a typedef of a
/// function, whose name rustc replaces by what it stands for wherever it meets it.
const MOST_SPELLED: usize = 100_000;
/// clang's largest alignment, which is more than Rust's.
const MOST_ALIGNED: u64 = 1 << 32;
/// C's largest object.
const LARGEST: u64 = i64::MAX as u64;

/// Why these types cannot be; of those that can, the ones that are nested too deep become unknown.
pub fn check(types: &mut Types) -> Result<(), String> {
    for ctype in &types.list {
        if !has_sound_figures(ctype) {
            return Err(format!("a size or place that no type has, in {ctype:?}"));
        }
    }
    let deepest = |inner: &[usize], _: &Type| inner.iter().max().map_or(0, |most| most + 1);
    let together =
        |inner: &[usize], _: &Type| inner.iter().fold(1, |sum: usize, n| sum.saturating_add(*n));
    let dimensions = |inner: &[usize], ctype: &Type| {
        let is_array = matches!(ctype, Type::Array { .. });
        inner.iter().sum::<usize>() + usize::from(is_array)
    };
    let measures: [(Inner, Measure, usize); 5] = [
        (held_by, deepest, DEEPEST),
        (array_of, dimensions, MOST_DIMENSIONS),
        (spelled_in, deepest, DEEPEST),
        // rustc follows typedefs down its own stack.
        (expanded_in, deepest, DEEPEST_EXPANDED),
        (expanded_in, together, MOST_SPELLED),
    ];
    let mut too_deep = vec![false; types.list.len()];
    for (inner, measure, most) in measures {
        let measured = measured(types, inner, measure).ok_or("a type that holds itself")?;
        for (too_deep, measured) in too_deep.iter_mut().zip(measured) {
            *too_deep |= measured > most;
        }
    }
    for (ctype, too_deep) in types.list.iter_mut().zip(too_deep) {
        if too_deep {
            *ctype = Type::Unknown("that is nested too deep for Rust".to_string());
        }
    }
    Ok(())
}

/// Whether an alignment is one.
pub fn is_alignment(align: u64) -> bool {
    align.is_power_of_two() && align <= MOST_ALIGNED
}

fn has_sound_figures(ctype: &Type) -> bool {
    match ctype {
        Type::Base(base) => base.size <= LARGEST,
        Type::Vector { size, .. } => *size <= LARGEST,
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
            body.size <= LARGEST
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

/// The types that are reached from one of these without a way out.
type Inner = fn(&Type) -> Vec<TypeId>;

/// What lies in it: its size depends on theirs.
fn held_by(ctype: &Type) -> Vec<TypeId> {
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

/// What the dimensions of an array go on with.
fn array_of(ctype: &Type) -> Vec<TypeId> {
    match ctype {
        Type::Typedef(Typedef { target: inner, .. })
        | Type::Qualified(_, inner)
        | Type::Array { element: inner, .. } => vec![*inner],
        _ => Vec::new(),
    }
}

/// What has to be written out to write it: records, enumerations and typedefs have names.
fn spelled_in(ctype: &Type) -> Vec<TypeId> {
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

/// What rustc sees of it: names of records and enumerations, and what typedefs stand for.
fn expanded_in(ctype: &Type) -> Vec<TypeId> {
    match ctype {
        Type::Typedef(typedef) => vec![typedef.target],
        _ => spelled_in(ctype),
    }
}

/// What is known of a type by what is known of those inside.
type Measure = fn(&[usize], &Type) -> usize;

/// The measure of each type, found once and without the stack; `None` if there is a circle.
fn measured(types: &Types, inner: Inner, measure: Measure) -> Option<Vec<usize>> {
    #[derive(Clone, Copy)]
    enum Known {
        Nothing,
        /// What is inside is being looked at.
        Open,
        Measure(usize),
    }
    let mut known = vec![Known::Nothing; types.list.len()];
    // What is still to be looked at; a type comes to its turn again when all inside is known.
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

    fn unknown(list: Vec<Type>) -> usize {
        let checked = of(list).unwrap();
        let is_unknown = |ctype: &&Type| matches!(ctype, Type::Unknown(_));
        checked.iter().filter(is_unknown).count()
    }

    #[test]
    fn nesting_has_an_end() {
        let chain = |length: u32| {
            let mut list: Vec<Type> = (1..length).map(|at| Type::Pointer(TypeId(at))).collect();
            list.push(Type::Void);
            list
        };
        assert_eq!(unknown(chain(900)), 0);
        // Whatever the order, it is what lies around the thousand that is too deep.
        assert_eq!(unknown(chain(2000)), 999);
        let pointers = (0..1999).map(|at| Type::Pointer(TypeId(at)));
        assert_eq!(
            unknown([Type::Void].into_iter().chain(pointers).collect()),
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
                convention: false,
            })
        };
        assert_eq!(
            unknown([Type::Void].into_iter().chain((0..15).map(twice)).collect()),
            0
        );
        assert_eq!(
            unknown([Type::Void].into_iter().chain((0..60).map(twice)).collect()),
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
        assert!(!matches!(checked[20], Type::Unknown(_)));
        assert!(
            checked[40..]
                .iter()
                .all(|ctype| matches!(ctype, Type::Unknown(_)))
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
        assert_eq!(unknown(steps(1000)), 0);
        assert_eq!(unknown(steps(1010)), 30);
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
