use super::*;
use crate::declarations::declared;
use crate::lexer::tokens;

const TEXT: &str = "typedef unsigned long size_t; typedef int a4[4]; typedef a4 b4; typedef struct { int a[3]; } s;\n\
    struct S { int x, *p; }; int f(int), x; const int ci = 3; double sqrt(double); enum { RED };\n\
    int again(void) __attribute__((returns_twice));\n";

fn evaluation(body: &str) -> Result<Evaluation, Reason> {
    of(&declared(TEXT), &tokens(body))
}

#[test]
fn constants() {
    for body in [
        "1",
        "(-5)",
        "((size_t)4)",
        "((size_t)(int)(4))",
        "((void *)-1)",
        "sizeof x + sizeof(x) * sizeof f(1)",
        "sizeof((int[]){1, 2}) / sizeof(int)",
        "sizeof (struct S){1}.x",
        "((size_t)&((struct S *)0)->x)",
        "__builtin_offsetof(struct S, x)",
        "__builtin_nanf(\"\")",
        "__builtin_inff()",
        "__builtin_huge_vall()",
        "__builtin_popcountll(3)",
        "_Generic(x, int: 1, default: 2)",
        "RED + 'a'",
        "(1.0/0.0)",
        "1 == 2 || 1 != 2 || 1 <= 2 || 1 >= 2",
    ] {
        assert_eq!(evaluation(body), Ok(Evaluation::Constant), "{body}");
    }
}

#[test]
fn what_no_constant_has_is_evaluated_at_each_use() {
    for body in [
        "(f(-3))",
        "(sqrt(4.0))",
        "(ci+1)",
        "(x - x)",
        "(\"abc\"[1])",
        "((1,2))",
        "((void)0)",
        "({ int a = 3; a; })",
        "__builtin_sqrt(4.0)",
        "__builtin_bswap32(x)",
        "_Generic(1, int: f(1), default: 2)",
        "((struct S){ 1, &x })",
        "(s){ { 1, 2 } }",
        "f((struct S){ 1 })",
        "((x = 7) ? 1 : 2)",
        "*(int *)64 = 1",
        "*(int *)64 += 1",
        "*(int *)64 <<= 1",
    ] {
        assert_eq!(evaluation(body), Ok(Evaluation::AtEachUse), "{body}");
    }
}

#[test]
fn literals_whose_address_is_kept() {
    for body in [
        "(&(struct S){ 1 })",
        "(&((struct S){ 1 }))",
        "((const int[]){1, 2, 3})",
        "(a4){1}",
        "(b4){1}",
        "(void *)&(int){3}",
        "(long)&(int){x++}",
        "((struct S){ .p = &(int){3} })",
        "((struct S){ .p = (int[]){3} })",
        "(__typeof__(x)){1}",
    ] {
        assert_eq!(evaluation(body), Ok(Evaluation::LiteralAddress), "{body}");
    }
    let read = |constant| Ok(Evaluation::LiteralElement { constant });
    assert_eq!(evaluation("((s){ 1 }).a"), read(true));
    assert_eq!(evaluation("((s){ x }).a"), read(false));
    for body in [
        "((struct S[]){{1}, {2}})[1].x",
        "*(int[]){1}",
        "(*&(&(s){ 1 })->a)",
    ] {
        assert_eq!(evaluation(body), read(true), "{body}");
    }
    for body in [
        "((s){ 1 }.a + 1)",
        "(x ? (s){ 1 }.a : 0)",
        "(x, ((s){ 1 }.a))",
    ] {
        assert_eq!(
            evaluation(body),
            Ok(Evaluation::LiteralElementAsOperand),
            "{body}"
        );
    }
    for body in [
        "(long)((s){ 1 }.a)",
        "f((s){ 1 }.a)",
        "((struct S){ .p = &(int){3} }).p",
    ] {
        assert_eq!(
            evaluation(body),
            Ok(Evaluation::LiteralElementConverted),
            "{body}"
        );
    }
}

#[test]
fn the_address_of_a_literal_that_is_followed_at_once_is_not_kept() {
    for body in [
        "(*&(struct S){ 1 })",
        "*(&((struct S){ 1 }))",
        "(x & (int){3})",
        "(x && (int){3})",
    ] {
        assert_eq!(evaluation(body), Ok(Evaluation::AtEachUse), "{body}");
    }
    for body in [
        "(&*&(struct S){ 1 })",
        "(&((struct S[]){{1}, {2}})[1])",
        "&(int[2][2]){{1}}[1][0]",
        "(*&(int[]){1})",
        "&*(int[]){1}",
        "(&(struct S){ 1 }.x)",
    ] {
        assert_eq!(evaluation(body), Ok(Evaluation::LiteralAddress), "{body}");
    }
}

#[test]
fn what_means_something_else_elsewhere_has_no_value() {
    for body in [
        "__func__",
        "f(__FUNCTION__)",
        "f(&(struct S){1})",
        "(0, (int[]){1})",
        "({ &(struct S){1}; })",
        "1, 2",
        "__builtin_LINE()",
        "f(&x, __builtin_FILE())",
    ] {
        assert!(evaluation(body).is_err(), "{body}");
    }
}

#[test]
fn what_needs_the_stack_frame_of_its_user_has_no_value() {
    for body in [
        "alloca(10)",
        "f((int *)__builtin_alloca(sizeof(int)))",
        "(_setjmp(buffer) == 0)",
        "__builtin_return_address(0)",
        "({ vfork(); })",
        "(setjmp)(buffer)",
        "((alloca))(1)",
        "again() + 1",
    ] {
        assert_eq!(evaluation(body), Err(OF_ITS_FRAME), "{body}");
    }
    assert!(evaluation("((struct S){1}).alloca").is_ok());
    assert!(evaluation("(&again)").is_ok());
}

#[test]
fn strings() {
    for body in ["\"a\" L\"b\"", "(u8\"x\")", "__FILE__ \":\""] {
        assert_eq!(evaluation(body), Ok(Evaluation::String), "{body}");
    }
    assert_eq!(evaluation("__DATE__ \" \""), Ok(Evaluation::AtEachUse));
}
