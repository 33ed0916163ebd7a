//! A grammar of C's expressions without side effects, and random sentences of it.

use crate::random::Random;

/// The types of prototypes, where a qualifier says nothing and a number is no `_Bool` to Rust.
pub(crate) const TYPES: &str = "
char  signed char  unsigned char  short  unsigned short  int  unsigned  long  unsigned long  long long  unsigned long long  size_t  ptrdiff_t
uint8_t  int16_t  uint32_t  int64_t  uintptr_t  intmax_t  wchar_t  ushort_t  again  enum color  enum wide  enum small  __int128
unsigned __int128  uint_fast16_t";

/// The alternatives for a symbol, with two blanks or a line end between them: those that end, and those that hold others. `@x` stands for
/// the symbol x, and what a string may start with is `$`.
const RULES: &[(char, &str, &str)] = &[
    // Integers that C calls constant.
    ('k', "@l  @c  @c", "(@t)(@k)  (@t)@l  (@k ? @k : @k)  (@k @y @k)  (@k < @f)  ((@k) @z @s)  @u(@k)  ID(@k)  _Generic((@k), int: @k, default: @k)
__builtin_choose_expr(sizeof(@k) == 4, @k, @k)"),
    ('i', "@l  @c  @c  @o  @m  @m", "(@t)(@i)  (@t)@l  (__typeof__(@i))(@s)  (@n ? @i : @i)  (@n < @n)  (@n == @n)  (@i && @n)  ((@i) @z @s)
@u(@i)  ID(@i)  ADD(@i, @i)  (vi, @i)  (int)(@n < 9 ? 3.75 : 2.5f)  (@i @y @i)  (@i @y @i)  (@i @y @i)  _Generic((@i), int: @i, default: @i)
_Generic(vd, float: @i, double: @i)  __builtin_choose_expr(sizeof(@i) == 4, @i, @i)  __extension__ (@i ?: @i)"),
    ('n', "@f  @q  @d  @i", "(@r)(@n)  (@r)(@i)  (@n ? @n : @n)  (@n + @n)  (@n - @n)  (@n * @n)  ((@n) / @s)  -(@n)  @i"),
    ('p', "@a  @a  ID(@a)  ((@a))", ""),
    ('x', "@w  @w @w  @w @w @w  (@w)  (@w @w)", ""),
    ('t', TYPES, "_Bool  bool  clong_t  const tiny  volatile again  again const"),
    ('r', "float  double  long double  real  const double", ""),
    ('y', "+  -  *  &  |  ^", ""),
    ('z', "<<  >>  /  %", ""),
    ('u', "-  ~  !  +  !!", ""),
    ('s', "1  2u  30  7L  13  29u", ""),
    ('c', r#"
RED  GREEN  BLUE  LARGE  LEAST  NAMELESS  HIGH + 0  INT_MIN  INT_MAX  LONG_MIN  ULLONG_MAX  SIZE_MAX  CHAR_MIN  true  WCHAR_MIN  WCHAR_MAX
INT8_C(-7)  UINT64_C(9)  PTRDIFF_MIN  UINT16_MAX  INT64_MIN  sizeof(struct pair)  sizeof vl  sizeof(int[3])  sizeof bytes  sizeof "text"
sizeof(record.rest)  _Alignof(long double)  offsetof(struct pair, second)  __builtin_offsetof(struct pair, rest[1])
__builtin_types_compatible_p(int, long)  __builtin_constant_p(1)  __builtin_bswap32(77)  __builtin_popcountll(255)  __builtin_clz(1u)
__builtin_bswap16(0x102)  'a'  '\n'  '\0'  '\377'  '\x80'  'ab'  '\\'  '\''  '"'  L'x'  L'\xfff'  L'\u00e9'  u'\u20ac'  U'\U0001F600'
u'a'  '\a'  '\e'  'abcd'  '\xff\x01'"#, ""),
    ('o', r#"
vi  ci  vv  bytes[0]  record.first  record.second  record.rest[2]  (&record)->rest[0]  either.whole  *pointer  vb  ve  (short)va  twice(21u)
twice(vi)  low(-1)  made().second  *address()  letters[2]  1[bytes]  (*&vi)  (*(const short *)&record)  ({ unsigned char z = 300; z; })
({ long z = vi; z << 33; })  "abc"[1]  (&*letters)[3]"#, ""),
    ('f', r#"
1.5  .1f  1e308  1e-320  4.9e-324  0x1.8p3f  0x.8p-1074  1.0L  0.1L  3.F  1e39f * 10  DBL_MAX  FLT_MIN  LDBL_MAX  LDBL_EPSILON  FLT_TRUE_MIN
(1.0 / 0.0)  (0.0 / 0.0)  -0.0  __builtin_inff()  __builtin_nan("")  __builtin_huge_val()  __builtin_fabs(-2.5)  __builtin_copysignf(1, -0.f)"#, ""),
    ('q', "vd  +vl  half(3)  table[1][0]  either.part  *table[1]  (*&vd)", ""),
    ('a', "
(&vi)  &bytes[2]  bytes  (bytes + 1)  &record.second  record.rest  ((void *)4096)  ((struct pair *)-1)  (const int *)&vi  NULL
(1 ? &vi : (void *)0)  ((int_pointer)0)  &vv  ((char **)8)  pointer  (pointer + 1)  address()  table[1]  &table[1]  &table  letters  &ci
((volatile unsigned char *)0x40)  (void *)(uintptr_t)(vi + 5)  ((const void *)letters)  ((enum color *)16)  &ve  ((int_pointer *)24)", ""),
    ('w', r#"
$"abc"  $""  $"\x41\102\n"  $"\"q\\"  $"a\0b"  $"\377\x80"  STR(a + "x")  TEXT_OF(TEXT_OF(2 + 2))  TEXT_OF(TEXT_OF(ci))  STR("s\n")  STR('\0')
TEXT_OF(JOIN(v, i))  $"\u00e9"  "tri""gl""#, ""),
];

pub(crate) struct Generator {
    pub(crate) random: Random,
    /// The macros that others may name: those of integers, and those of any number.
    pub(crate) integers: Vec<String>,
    pub(crate) numbers: Vec<String>,
}

impl Generator {
    /// One of a list with two blanks between its elements.
    pub(crate) fn of(&mut self, lists: [&'static str; 2]) -> &'static str {
        let lines = lists.into_iter().flat_map(str::lines);
        let all = lines.flat_map(|line| line.split("  "));
        let all: Vec<&str> = all.filter(|one| !one.is_empty()).collect();
        self.random.pick(&all)
    }

    /// A sentence of this symbol, which nests so deep.
    pub(crate) fn sentence(&mut self, symbol: char, depth: usize) -> String {
        match symbol {
            'l' => return self.literal(),
            'm' if self.integers.is_empty() => return self.literal(),
            'm' => return self.integers[self.random.below(self.integers.len())].clone(),
            'd' if self.numbers.is_empty() => return self.literal(),
            'd' => return self.numbers[self.random.below(self.numbers.len())].clone(),
            _ => {}
        }
        let rule = RULES.iter().find(|rule| rule.0 == symbol);
        let &(_, ending, nesting) = rule.unwrap_or(&RULES[0]);
        let nests = depth > 0 || symbol == 't';
        let template = self.of([ending, if nests { nesting } else { "" }]);
        let mut parts = template.split('@');
        let mut text = parts.next().unwrap_or_default().to_string();
        for part in parts {
            let below = if "px".contains(symbol) {
                depth
            } else {
                depth.saturating_sub(1)
            };
            text.push_str(&self.sentence(part.chars().next().unwrap_or('l'), below));
            text.push_str(&part[1..]);
        }
        text
    }

    fn literal(&mut self) -> String {
        let below = 1 << self.random.below(63);
        let value = (self.random.below(1 << 31) << 31 | self.random.below(1 << 31)) % below;
        let suffix = self
            .random
            .pick(&["", "", "u", "L", "UL", "ll", "ULL", "lu"]);
        match self.random.below(6) {
            0 => format!("0x{value:X}{suffix}"),
            1 => format!("0{value:o}{suffix}"),
            2 => format!("0b{value:b}{suffix}"),
            _ => format!("{value}{suffix}"),
        }
    }
}
