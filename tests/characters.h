/* Every place where a `char` stands, for tests/dialects.rs: its sign is that of a flag. */
typedef char letter;
#define LETTER ((char)200)
static int widened(letter l) { return l; }
static int (*pointer)(char) = widened;
static char plain = (char)200;
static const letter fixed = (char)200;
static char table_of[2] = { (char)200, 1 };
struct chars { char c; letter l; char a[2]; char bits : 3; };
union letters { char bytes[4]; letter first; };
static int sum(const struct chars *s) { return s->c + s->l + s->a[0] + s->a[1] + s->bits; }
static struct chars make(void) { struct chars s = { (char)200, 0, { 0, 0 }, 0 }; return s; }
static const char *text_of(void) { return "text"; }
