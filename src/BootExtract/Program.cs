using BlockRbd.BootExtract;
using BlockRbd.Linux;

Libc.HeedChildren();
return ExtractProgram.Run(args);
