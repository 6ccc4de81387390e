/** Epochs of a word: absences are stored, and rewards counted and paid, by words of so many epochs. */
export const WORD_EPOCHS = 256n;
