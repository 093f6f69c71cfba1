"""The viewer: input and result of one picture, compared, zoomed and painted on."""
