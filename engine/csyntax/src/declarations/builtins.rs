//! The types of the built-in functions that all compilers share. The compilers do not tell them: such a function can only be called.

/// The C type of the function with this name, if it is one of them.
pub(crate) fn ctype(word: &str) -> Option<&'static str> {
    let name = word.strip_prefix("__builtin_")?;
    Some(match name {
        "bswap16" => "__UINT16_TYPE__ (__UINT16_TYPE__)",
        "bswap32" => "__UINT32_TYPE__ (__UINT32_TYPE__)",
        "bswap64" => "__UINT64_TYPE__ (__UINT64_TYPE__)",
        "clz" | "ctz" | "popcount" | "parity" => "int (unsigned int)",
        "clzl" | "ctzl" | "popcountl" | "parityl" => "int (unsigned long)",
        "clzll" | "ctzll" | "popcountll" | "parityll" => "int (unsigned long long)",
        "ffs" | "clrsb" | "abs" => "int (int)",
        "ffsl" | "clrsbl" => "int (long)",
        "ffsll" | "clrsbll" => "int (long long)",
        "labs" => "long (long)",
        "llabs" => "long long (long long)",
        "expect" => "long (long, long)",
        "trap" => "void (void)",
        "strlen" => "__SIZE_TYPE__ (const char *)",
        "strcmp" => "int (const char *, const char *)",
        "strncmp" => "int (const char *, const char *, __SIZE_TYPE__)",
        "strchr" => "char *(const char *, int)",
        "memcmp" => "int (const void *, const void *, __SIZE_TYPE__)",
        "memcpy" | "memmove" => "void *(void *, const void *, __SIZE_TYPE__)",
        "memset" => "void *(void *, int, __SIZE_TYPE__)",
        _ => of_numbers(name)?,
    })
}

/// The type of a function of `<math.h>`, whose name ends in `f` if it takes a `float`.
fn of_numbers(name: &str) -> Option<&'static str> {
    if let Some(parameters) = parameters(name) {
        return Some(match parameters {
            0 => "double (void)",
            1 => "double (double)",
            _ => "double (double, double)",
        });
    }
    Some(match parameters(name.strip_suffix('f')?)? {
        0 => "float (void)",
        1 => "float (float)",
        _ => "float (float, float)",
    })
}

fn parameters(name: &str) -> Option<u8> {
    Some(match name {
        "inf" | "huge_val" => 0,
        "sqrt" | "cbrt" | "fabs" | "floor" | "ceil" | "trunc" | "round" | "rint" | "nearbyint"
        | "sin" | "cos" | "tan" | "asin" | "acos" | "atan" | "sinh" | "cosh" | "tanh" | "exp"
        | "exp2" | "expm1" | "log" | "log2" | "log10" | "log1p" => 1,
        "pow" | "fmod" | "atan2" | "fmin" | "fmax" | "copysign" | "hypot" => 2,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::ctype;

    #[test]
    fn by_their_names() {
        assert_eq!(ctype("__builtin_ceilf"), Some("float (float)"));
        assert_eq!(ctype("__builtin_inf"), Some("double (void)"));
        assert_eq!(ctype("__builtin_alloca"), None);
        assert_eq!(ctype("sqrt"), None);
    }
}
