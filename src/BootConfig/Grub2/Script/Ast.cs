namespace BlockRbd.BootConfig.Grub2;

/// <summary>What a part of a word is; GRUB's script lexer has the same kinds.</summary>
internal enum WordPartKind
{
    /// <summary>Unquoted characters; backslashes are still in it and go when the word is expanded.</summary>
    Text,

    /// <summary>Characters in single or double quotes, backslashes already worked out.</summary>
    Quoted,

    /// <summary>A variable's name outside quotes: its value is split into words.</summary>
    Variable,

    /// <summary>A variable's name inside double quotes.</summary>
    QuotedVariable,

    /// <summary><c>$"…"</c>: translated text, which expands variables itself.</summary>
    Translated,

    /// <summary><c>{ … }</c> at a command's end.</summary>
    Block,
}

/// <summary>A part of a word.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Characters or the variable's name.</param>
/// <param name="Block">The block's lines.</param>
internal sealed record WordPart(WordPartKind Kind, string Text, ScriptSource? Block = null);

/// <summary>A word before expansion.</summary>
/// <param name="Position">Its first character.</param>
/// <param name="Parts">Its parts in order.</param>
internal sealed record Word(ScriptPosition Position, IReadOnlyList<WordPart> Parts)
{
    /// <summary>The word itself where expanding it can't change it, else null.</summary>
    public string? Constant { get; } = ConstantOf(Parts);

    private static string? ConstantOf(IReadOnlyList<WordPart> parts)
    {
        if (parts is not [{ Kind: WordPartKind.Text or WordPartKind.Quoted } only] || only.Text.Contains('\\'))
        {
            return null;
        }

        return only.Kind == WordPartKind.Quoted || (only.Text.Length > 0 && only.Text.AsSpan().IndexOfAny('*', '?') < 0) ? only.Text : null;
    }
}

/// <summary>A command, or a construct made of commands.</summary>
internal abstract record Statement;

/// <summary>Commands one after another.</summary>
internal sealed record StatementList(IReadOnlyList<Statement> Statements) : Statement;

/// <summary>A simple command.</summary>
internal sealed record CommandLine(ScriptPosition Position, IReadOnlyList<Word> Words) : Statement;

/// <summary>if, with elif as another one in <paramref name="Else"/>.</summary>
internal sealed record IfStatement(Statement Condition, Statement Then, Statement? Else) : Statement;

/// <summary>for NAME in WORDS.</summary>
internal sealed record ForStatement(ScriptPosition Position, string Name, IReadOnlyList<Word> Words, Statement Body) : Statement;

/// <summary>while or until.</summary>
internal sealed record WhileStatement(ScriptPosition Position, Statement Condition, Statement Body, bool Until) : Statement;
