using System.CommandLine;
using BlockRbd.Mapper;
using BlockRbd.Mapper.People;

return HotplugScript.IsMeant(args)
    ? (int)HotplugScript.Run(args)
    : CommandLine.Build().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }).Invoke(); // @file is no target
