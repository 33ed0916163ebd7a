#define IN_THE_FOLDER 5
