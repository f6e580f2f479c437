namespace BlockRbd.BootConfig.Grub2;

/// <summary>Kinds of token, as far as the grammar tells them apart.</summary>
internal enum TokenKind
{
    /// <summary>The end of the lines that belong together.</summary>
    End,
    Newline,
    Semicolon,
    OpenBrace,
    CloseBrace,

    /// <summary>An operator that GRUB's lexer knows and its grammar has no use for: <c>|</c>, <c>&amp;&amp;</c>, <c>;;</c>, <c>[[</c>.</summary>
    Operator,

    /// <summary>A reserved word where it stands alone and unquoted; an argument may be one.</summary>
    Reserved,

    /// <summary>A word that could be a variable's or function's name.</summary>
    Name,
    Word,
}

/// <summary>A token.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">Its characters as written.</param>
/// <param name="Start">Index of its first character in the lexer's text.</param>
/// <param name="Position">The same as a place in the guest's file.</param>
/// <param name="Word">The word, for the last three kinds.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, ScriptPosition Position, Word? Word = null)
{
    public bool IsWord => Word is not null;

    public bool Is(string reserved) => Kind == TokenKind.Reserved && Text == reserved;
}
