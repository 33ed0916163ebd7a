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
enum half_day {
    SUNDAY_MORNING = 0 << 1, SUNDAY_EVENING,
    MONDAY_MORNING = 2 << 1, MONDAY_EVENING,
    TUESDAY_MORNING = 4 << 1, TUESDAY_EVENING,
    WEDNESDAY_MORNING = 6 << 1, WEDNESDAY_EVENING,
    THURSDAY_MORNING = 8 << 1, THURSDAY_EVENING,
    FRIDAY_MORNING = 10 << 1, FRIDAY_EVENING,
    SATURDAY_MORNING = 12 << 1, SATURDAY_EVENING,
};
