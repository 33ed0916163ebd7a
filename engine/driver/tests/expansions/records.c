/* A point of the plane. */
struct point {
    int x, y;
};
typedef struct {
    char name[8];
    struct point where;
    union { long number; void *pointer; };
    struct { short low, high; } pair;
} item;
union value { double d; unsigned char bytes[16]; };
struct __attribute__((packed)) packed { char c; int i; };
struct __attribute__((aligned(64))) line { char data[3]; };
struct __attribute__((packed)) around { char c; struct line l; };
struct bits { unsigned a : 3, b : 5; int after; };
struct text { unsigned length; char data[]; };
struct node { struct node *next; struct unknown *other; int type; };
enum color { RED, GREEN = 4 };
typedef enum { SMALL = -1, LARGE } size_class;
