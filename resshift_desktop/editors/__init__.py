"""The plugins for picture editors: what they consist of, where they go, putting them there and back."""
