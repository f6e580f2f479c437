using BlockRbd.Mapper;

return (int)HotplugScript.Run(args);
