using System.CommandLine;
using BlockRbd.MenuLstGen.CommandLine;

return GenCommand.Build().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }).Invoke(); // @file is no image
