//! The deployed stack, told as a story and put to the question.
