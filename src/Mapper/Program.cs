using System.CommandLine;
using BlockRbd.Linux;
using BlockRbd.Mapper;
using BlockRbd.Mapper.People;

Libc.HeedChildren();
return HotplugScript.IsMeant(args)
    ? (int)HotplugScript.Run(args)
    : CommandLine.Build().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }).Invoke(); // @file is no target
