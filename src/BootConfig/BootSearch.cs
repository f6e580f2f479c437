namespace BlockRbd.BootConfig;

/// <summary>What came of looking for a boot configuration on all of a guest's volumes.</summary>
/// <param name="Menu">The menu that wins, or null where nothing usable was found.</param>
/// <param name="Looked">Every place that was looked at, in order, and why it was passed over or taken.</param>
public sealed record BootSearch(BootMenu? Menu, IReadOnlyList<LookedAt> Looked)
{
    /// <summary>What a person should know of a menu that was taken although another one, which comes before it, couldn't be used.</summary>
    public IEnumerable<string> Warnings => Menu is null ? [] : from looked in Looked
                                                               where looked.Result == LookResult.Fault
                                                               select $"{looked.Place}: {looked.Outcome}; {Menu.Config} is taken instead";

    /// <summary>Why nothing was found: each volume or file once, without the list of all that isn't there.</summary>
    public string WhyNothing() => string.Join(
        "; ",
        from looked in Looked
        group looked by looked.Place into place
        let told = place.Where(looked => looked.Result != LookResult.Missing).Select(looked => looked.Outcome)
        let all = place.Any(looked => looked.Result == LookResult.Missing) ? told.Append("nothing in the places where one may be") : told
        select GuestText.Display($"{place.Key}: {string.Join("; ", all)}"));
}

/// <summary>One place that was looked at.</summary>
/// <param name="Place">"(hd0,msdos1)/boot/grub/grub.cfg", or a volume.</param>
/// <param name="Outcome">"taken: GRUB 2, 5 entries", "not there", "syntax error: …".</param>
/// <param name="Result">What that means for those that come after it.</param>
public sealed record LookedAt(string Place, string Outcome, LookResult Result = LookResult.Told);

/// <summary>What became of a place.</summary>
public enum LookResult
{
    /// <summary>It was taken, or passed over for a good reason.</summary>
    Told,

    /// <summary>Nothing is there.</summary>
    Missing,

    /// <summary>A configuration is there, and can't be used.</summary>
    Fault,
}
