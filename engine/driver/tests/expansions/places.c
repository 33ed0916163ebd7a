struct opts { int level, three[3]; };
static int n;
static int level(const struct opts *o) { return o->level; }
#define AT_EACH_USE (&(struct opts){ n })
#define COUNTED (&(int){ n++ })
#define IN_STATEMENT ({ &(int){ 3 }; })
#define INSIDE (((struct opts){ n }).three)
#define HANDED_ON level(&(struct opts){ 2 })
#define IN_RECORD ((struct { int *p; }){ &(int){ n } })
#define AS_NUMBER ((unsigned long long)&(int){ n })
#define CAST ((const int *)((struct opts){ 1 }).three)
#define STR(x) #x
#define TEXT(x) STR(x)
#define LINE (level(0) + __LINE__)
#define PLACE __FILE__ ":" TEXT(__LINE__)
#define NUMBER __COUNTER__
#define FUNCTION __func__
#define NEXT_OF_PART (((struct opts){ .three = { 1 } }).three + 1)
#define CHOSEN (n ? ((struct opts){ .three = { 1 } }).three : 0)
#define BEHIND_COMMA (n, ((struct opts){ .three = { 1 } }).three)
struct { unsigned field : 3; } bits;
#define BITS (bits.field)
#define BITS_BY_POINTER ((&bits)->field)
void _mm_pause(void);
