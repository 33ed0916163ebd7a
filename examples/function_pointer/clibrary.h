typedef int (*callback_fcn)(int);
void some_c_func(callback_fcn);
