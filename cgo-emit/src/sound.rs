//! Checks that a model of types can be a C compiler's: no type holds itself, nothing is nested beyond all use, sizes and
//! alignments are such that one can compute with them. A damaged object file is refused here, so that no later stage
//! has to ask.

use crate::ctype::{Body, Member, Position, Record, Signature, Type, TypeId, Typedef, Types};

/// So deep are types that later stages follow down the stack.
const DEEPEST: usize = 1000;
/// Rust's largest `repr(align)`, which is also more than any linker grants.
const MOST_ALIGNED: u64 = 1 << 29;
/// Rust's largest object.
const LARGEST: u64 = i64::MAX as u64;

/// Why these types cannot be.
pub fn check(types: &Types) -> Result<(), String> {
    for ctype in &types.list {
        if !has_sound_figures(ctype) {
            return Err(format!("a size or place that no type has, in {ctype:?}"));
        }
    }
    for inner in [held_by as Inner, spelled_in] {
        if too_deep(types, inner) {
            return Err(format!(
                "a type that holds itself, or that is nested more than {DEEPEST} deep"
            ));
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
                Position::Bits { .. } => true,
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

/// Whether any way through the types is longer than [`DEEPEST`] or a circle. Each type's depth is found once, without the
/// stack.
fn too_deep(types: &Types, inner: Inner) -> bool {
    let mut depths: Vec<Option<usize>> = vec![None; types.list.len()];
    for start in 0..types.list.len() {
        if depths[start].is_some() {
            continue;
        }
        // Each type on the way, with those inside that are still to be looked at and the depth so far.
        let mut way = vec![(start, inner(&types.list[start]), 0)];
        while let Some((at, rest, depth)) = way.last_mut() {
            match rest.pop() {
                Some(next) => match depths[next.0 as usize] {
                    Some(known) => *depth = (*depth).max(known + 1),
                    None => {
                        let next = next.0 as usize;
                        way.push((next, inner(&types.list[next]), 0));
                    }
                },
                None => {
                    let (at, depth) = (*at, *depth);
                    depths[at] = Some(depth);
                    way.pop();
                    if let Some((_, _, around)) = way.last_mut() {
                        *around = (*around).max(depth + 1);
                    }
                    if depth > DEEPEST {
                        return true;
                    }
                }
            }
            if way.len() > DEEPEST + 1 {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ctype::RecordKind;

    fn of(list: Vec<Type>) -> Result<(), String> {
        check(&Types {
            list,
            ..Types::default()
        })
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
        assert!(of(vec![named(1), Type::Pointer(TypeId(0))]).is_ok());
    }

    #[test]
    fn nesting_has_an_end() {
        let chain = |length: u32| {
            let mut list: Vec<Type> = (1..length).map(|at| Type::Pointer(TypeId(at))).collect();
            list.push(Type::Void);
            list
        };
        assert!(of(chain(900)).is_ok());
        assert!(of(chain(2000)).is_err());
        assert!(of(chain(2000).into_iter().rev().collect()).is_err());
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
