/* A header with a guard. */
#ifndef GUARDED_H
#define GUARDED_H

#if !defined(GUARDED_PART)
#define GUARDED_PART
#endif
#define __RESERVED(x) x
#define CALL(x) (x)
static const char *in_header = __FILE__;

#endif
