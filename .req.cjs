const t=performance.now(); require(process.argv[2]); console.log((performance.now()-t).toFixed(0));
