extern int extra;
__attribute__((constructor)) static void run(void) { extra += NUMBER; }
