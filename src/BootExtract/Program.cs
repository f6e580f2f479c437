using BlockRbd.BootExtract;

return ExtractProgram.Run(args);
