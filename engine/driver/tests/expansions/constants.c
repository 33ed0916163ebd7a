#define INTEGER 42
#define UNSIGNED 0xffffffffu
#define LONG -1L
#define FLOAT 1.5f
#define DOUBLE 0.1
#define TEXT "a\tb"
#define BINARY "a\0b"
#define TYPE unsigned short
#define variable_again variable
#define SUM (variable + 1)
extern int variable;
enum { FIRST = 10, SECOND };
