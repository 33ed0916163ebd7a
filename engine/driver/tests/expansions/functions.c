/* Adds two numbers. */
int add(int a, int b);

// Prints, and
// returns the length.
int log_line(const char *format, ...);

static long hidden(long value) { return value; }
void set_handler(void (*handler)(int code, void *data), void *data);
int (*get_handler(void))(int);
int old_style();
int labelled(int x) __asm__("another_symbol");
extern int counter;
extern const char *const names[];
static __thread int per_thread;
