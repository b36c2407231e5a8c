// Written by Fixtures/generators/exactness_table.py from Docs/data/exactness-large.csv and
// Docs/data/exactness-pixel-weights.csv. ExpectationTableTests compares them.

extension ExpectationTable {
  /// The measurements behind `measured`.
  static let values = """
    nside,spin,precision,method,lmax,relative_l2,standard_error,trials,measured_by
    16,0,Double,grid weights,8,1.380087e-03,6.775168e-05,64,sphere
    16,0,Double,1 iteration,8,1.202914e-05,7.068820e-07,64,sphere
    16,0,Double,2 iterations,8,1.116288e-07,7.167597e-09,64,sphere
    16,0,Double,3 iterations,8,1.052235e-09,7.256997e-11,64,sphere
    16,0,Double,ring weights,8,8.520780e-06,2.102868e-07,64,sphere
    16,0,Double,order weights,8,8.562182e-16,9.482049e-18,64,sphere
    16,0,Double,least squares,8,3.720936e-16,4.237935e-17,64,sphere
    16,0,Float,grid weights,8,1.380083e-03,6.775199e-05,64,sphere
    16,0,Float,1 iteration,8,1.202947e-05,7.069968e-07,64,sphere
    16,0,Float,2 iterations,8,1.136969e-07,6.987452e-09,64,sphere
    16,0,Float,3 iterations,8,1.183702e-08,3.980823e-10,64,sphere
    16,0,Float,ring weights,8,8.520617e-06,2.102257e-07,64,sphere
    16,0,Float,order weights,8,9.455569e-08,1.337809e-09,64,sphere
    16,0,Float,least squares,8,4.618740e-08,5.934757e-10,64,sphere
    16,2,Double,grid weights,8,1.417464e-03,5.707626e-05,64,sphere
    16,2,Double,1 iteration,8,1.142463e-05,4.996186e-07,64,sphere
    16,2,Double,2 iterations,8,9.584211e-08,4.194383e-09,64,sphere
    16,2,Double,3 iterations,8,8.043066e-10,3.519976e-11,64,sphere
    16,2,Double,ring weights,8,7.564013e-06,1.296704e-07,64,sphere
    16,2,Double,order weights,8,7.842187e-16,7.672834e-18,64,sphere
    16,2,Double,least squares,8,7.424932e-16,2.582407e-17,64,sphere
    16,2,Float,grid weights,8,1.417462e-03,5.707640e-05,64,sphere
    16,2,Float,1 iteration,8,1.142442e-05,4.994397e-07,64,sphere
    16,2,Float,2 iterations,8,9.860165e-08,4.145685e-09,64,sphere
    16,2,Float,3 iterations,8,1.174179e-08,2.898295e-10,64,sphere
    16,2,Float,ring weights,8,7.563603e-06,1.296578e-07,64,sphere
    16,2,Float,order weights,8,9.400521e-08,9.312120e-10,64,sphere
    16,2,Float,least squares,8,4.492375e-08,4.063542e-10,64,sphere
    16,0,Double,grid weights,12,2.019944e-03,1.048525e-04,64,sphere
    16,0,Double,1 iteration,12,3.621671e-05,1.984681e-06,64,sphere
    16,0,Double,2 iterations,12,6.773667e-07,3.734801e-08,64,sphere
    16,0,Double,3 iterations,12,1.281170e-08,7.195598e-10,64,sphere
    16,0,Double,ring weights,12,5.453154e-05,1.244511e-06,64,sphere
    16,0,Double,order weights,12,1.171882e-15,8.829830e-18,64,sphere
    16,0,Double,least squares,12,2.083634e-16,3.397675e-18,64,sphere
    16,0,Float,grid weights,12,2.019942e-03,1.048527e-04,64,sphere
    16,0,Float,1 iteration,12,3.621702e-05,1.984695e-06,64,sphere
    16,0,Float,2 iterations,12,6.783867e-07,3.731700e-08,64,sphere
    16,0,Float,3 iterations,12,2.758851e-08,5.355118e-10,64,sphere
    16,0,Float,ring weights,12,5.453125e-05,1.244507e-06,64,sphere
    16,0,Float,order weights,12,1.002726e-07,8.988658e-10,64,sphere
    16,0,Float,least squares,12,6.552674e-08,1.914372e-09,64,sphere
    16,2,Double,grid weights,12,2.057429e-03,8.244693e-05,64,sphere
    16,2,Double,1 iteration,12,3.617682e-05,1.538729e-06,64,sphere
    16,2,Double,2 iterations,12,6.542404e-07,2.782829e-08,64,sphere
    16,2,Double,3 iterations,12,1.183296e-08,5.032193e-10,64,sphere
    16,2,Double,ring weights,12,5.248647e-05,1.053751e-06,64,sphere
    16,2,Double,order weights,12,2.016560e-15,2.062955e-17,64,sphere
    16,2,Double,least squares,12,2.823111e-16,3.673022e-18,64,sphere
    16,2,Float,grid weights,12,2.057427e-03,8.244709e-05,64,sphere
    16,2,Float,1 iteration,12,3.617718e-05,1.538813e-06,64,sphere
    16,2,Float,2 iterations,12,6.546733e-07,2.777359e-08,64,sphere
    16,2,Float,3 iterations,12,2.779437e-08,3.177107e-10,64,sphere
    16,2,Float,ring weights,12,5.248646e-05,1.053712e-06,64,sphere
    16,2,Float,order weights,12,1.032736e-07,7.531080e-10,64,sphere
    16,2,Float,least squares,12,4.923940e-08,2.962685e-10,64,sphere
    16,0,Double,grid weights,16,2.471849e-03,1.454826e-04,64,sphere
    16,0,Double,1 iteration,16,7.631547e-05,4.795698e-06,64,sphere
    16,0,Double,2 iterations,16,2.446313e-06,1.559932e-07,64,sphere
    16,0,Double,3 iterations,16,7.896780e-08,5.155811e-09,64,sphere
    16,0,Double,ring weights,16,2.012408e-04,4.570217e-06,64,sphere
    16,0,Double,order weights,16,5.275154e-15,1.897714e-16,64,sphere
    16,0,Double,least squares,16,2.935079e-16,3.792002e-18,64,sphere
    16,0,Float,grid weights,16,2.471847e-03,1.454827e-04,64,sphere
    16,0,Float,1 iteration,16,7.631564e-05,4.795685e-06,64,sphere
    16,0,Float,2 iterations,16,2.446792e-06,1.559760e-07,64,sphere
    16,0,Float,3 iterations,16,8.646838e-08,4.634765e-09,64,sphere
    16,0,Float,ring weights,16,2.012403e-04,4.570074e-06,64,sphere
    16,0,Float,order weights,16,1.049456e-07,8.251454e-10,64,sphere
    16,0,Float,least squares,16,1.249460e-07,9.076653e-09,64,sphere
    16,2,Double,grid weights,16,2.726995e-03,1.343142e-04,64,sphere
    16,2,Double,1 iteration,16,8.388626e-05,4.334498e-06,64,sphere
    16,2,Double,2 iterations,16,2.642811e-06,1.365297e-07,64,sphere
    16,2,Double,3 iterations,16,8.326593e-08,4.300303e-09,64,sphere
    16,2,Double,ring weights,16,2.003828e-04,4.123519e-06,64,sphere
    16,2,Double,order weights,16,1.276398e-14,2.871406e-16,64,sphere
    16,2,Double,least squares,16,3.569668e-16,3.098577e-18,64,sphere
    16,2,Float,grid weights,16,2.726993e-03,1.343144e-04,64,sphere
    16,2,Float,1 iteration,16,8.388594e-05,4.334529e-06,64,sphere
    16,2,Float,2 iterations,16,2.643063e-06,1.365271e-07,64,sphere
    16,2,Float,3 iterations,16,9.095364e-08,3.953822e-09,64,sphere
    16,2,Float,ring weights,16,2.003828e-04,4.123502e-06,64,sphere
    16,2,Float,order weights,16,1.751024e-07,3.266836e-09,64,sphere
    16,2,Float,least squares,16,5.569024e-08,2.495635e-10,64,sphere
    16,0,Double,grid weights,20,3.052663e-03,2.021749e-04,64,sphere
    16,0,Double,1 iteration,20,1.437972e-04,1.011919e-05,64,sphere
    16,0,Double,2 iterations,20,7.064004e-06,4.931330e-07,64,sphere
    16,0,Double,3 iterations,20,3.487183e-07,2.430973e-08,64,sphere
    16,0,Double,ring weights,20,5.638285e-04,1.292473e-05,64,sphere
    16,0,Double,order weights,20,1.675859e-12,4.260181e-14,64,sphere
    16,0,Double,least squares,20,2.601662e-16,2.531793e-18,64,sphere
    16,0,Float,grid weights,20,3.052661e-03,2.021750e-04,64,sphere
    16,0,Float,1 iteration,20,1.437966e-04,1.011907e-05,64,sphere
    16,0,Float,2 iterations,20,7.063984e-06,4.931275e-07,64,sphere
    16,0,Float,3 iterations,20,3.516804e-07,2.407510e-08,64,sphere
    16,0,Float,ring weights,20,5.638284e-04,1.292479e-05,64,sphere
    16,0,Float,order weights,20,1.415532e-07,1.995133e-09,64,sphere
    16,0,Float,least squares,20,2.648842e-07,2.382827e-08,64,sphere
    16,2,Double,grid weights,20,3.370797e-03,1.340895e-04,64,sphere
    16,2,Double,1 iteration,20,1.598863e-04,6.723621e-06,64,sphere
    16,2,Double,2 iterations,20,7.807952e-06,3.280433e-07,64,sphere
    16,2,Double,3 iterations,20,3.813292e-07,1.600510e-08,64,sphere
    16,2,Double,ring weights,20,5.610316e-04,1.186045e-05,64,sphere
    16,2,Double,order weights,20,3.518997e-12,6.324812e-14,64,sphere
    16,2,Double,least squares,20,3.547698e-16,3.403822e-18,64,sphere
    16,2,Float,grid weights,20,3.370796e-03,1.340896e-04,64,sphere
    16,2,Float,1 iteration,20,1.598866e-04,6.723648e-06,64,sphere
    16,2,Float,2 iterations,20,7.808710e-06,3.280967e-07,64,sphere
    16,2,Float,3 iterations,20,3.843652e-07,1.588297e-08,64,sphere
    16,2,Float,ring weights,20,5.610313e-04,1.186043e-05,64,sphere
    16,2,Float,order weights,20,1.446337e-06,3.308209e-08,64,sphere
    16,2,Float,least squares,20,9.268006e-08,1.089167e-09,64,sphere
    16,0,Double,grid weights,24,3.902806e-03,2.734574e-04,64,sphere
    16,0,Double,1 iteration,24,2.608639e-04,2.051765e-05,64,sphere
    16,0,Double,2 iterations,24,1.849882e-05,1.461628e-06,64,sphere
    16,0,Double,3 iterations,24,1.317134e-06,1.048639e-07,64,sphere
    16,0,Double,ring weights,24,1.204694e-03,2.687293e-05,64,sphere
    16,0,Double,order weights,24,5.262794e-10,3.096238e-11,64,sphere
    16,0,Double,least squares,24,2.921065e-16,2.713167e-18,64,sphere
    16,0,Float,grid weights,24,3.902804e-03,2.734575e-04,64,sphere
    16,0,Float,1 iteration,24,2.608633e-04,2.051755e-05,64,sphere
    16,0,Float,2 iterations,24,1.849853e-05,1.461516e-06,64,sphere
    16,0,Float,3 iterations,24,1.317980e-06,1.047265e-07,64,sphere
    16,0,Float,ring weights,24,1.204693e-03,2.687291e-05,64,sphere
    16,0,Float,order weights,24,9.482207e-07,2.717566e-08,64,sphere
    16,0,Float,least squares,24,1.874804e-07,2.506839e-08,64,sphere
    16,2,Double,grid weights,24,4.204213e-03,1.462257e-04,64,sphere
    16,2,Double,1 iteration,24,2.808907e-04,1.086013e-05,64,sphere
    16,2,Double,2 iterations,24,1.977225e-05,7.662665e-07,64,sphere
    16,2,Double,3 iterations,24,1.392457e-06,5.405113e-08,64,sphere
    16,2,Double,ring weights,24,1.292916e-03,2.404623e-05,64,sphere
    16,2,Double,order weights,24,1.173494e-08,2.776096e-10,64,sphere
    16,2,Double,least squares,24,3.908331e-16,2.993910e-18,64,sphere
    16,2,Float,grid weights,24,4.204212e-03,1.462258e-04,64,sphere
    16,2,Float,1 iteration,24,2.808912e-04,1.086020e-05,64,sphere
    16,2,Float,2 iterations,24,1.977263e-05,7.663177e-07,64,sphere
    16,2,Float,3 iterations,24,1.393947e-06,5.407375e-08,64,sphere
    16,2,Float,ring weights,24,1.292916e-03,2.404622e-05,64,sphere
    16,2,Float,order weights,24,3.799845e-05,5.870489e-07,64,sphere
    16,2,Float,least squares,24,2.362500e-07,2.526067e-08,64,sphere
    16,0,Double,grid weights,28,5.185468e-03,2.845836e-04,64,sphere
    16,0,Double,1 iteration,28,4.498866e-04,3.050864e-05,64,sphere
    16,0,Double,2 iterations,28,4.359395e-05,2.982667e-06,64,sphere
    16,0,Double,3 iterations,28,4.251666e-06,2.926100e-07,64,sphere
    16,0,Double,ring weights,28,2.744273e-03,5.509277e-05,64,sphere
    16,0,Double,order weights,28,4.824118e-07,2.127402e-08,64,sphere
    16,0,Double,least squares,28,3.242867e-16,2.486638e-18,64,sphere
    16,0,Float,grid weights,28,5.185466e-03,2.845837e-04,64,sphere
    16,0,Float,1 iteration,28,4.498867e-04,3.050860e-05,64,sphere
    16,0,Float,2 iterations,28,4.359417e-05,2.982689e-06,64,sphere
    16,0,Float,3 iterations,28,4.252372e-06,2.925479e-07,64,sphere
    16,0,Float,ring weights,28,2.744273e-03,5.509275e-05,64,sphere
    16,0,Float,order weights,28,3.801831e-05,2.251449e-06,64,sphere
    16,0,Float,least squares,28,1.413087e-07,7.639814e-09,64,sphere
    16,2,Double,grid weights,28,5.398158e-03,1.784572e-04,64,sphere
    16,2,Double,1 iteration,28,4.689783e-04,1.930448e-05,64,sphere
    16,2,Double,2 iterations,28,4.524130e-05,1.877551e-06,64,sphere
    16,2,Double,3 iterations,28,4.378042e-06,1.821170e-07,64,sphere
    16,2,Double,ring weights,28,2.728623e-03,4.621342e-05,64,sphere
    16,2,Double,order weights,28,1.596349e-04,5.805291e-06,64,sphere
    16,2,Double,least squares,28,4.331504e-16,3.531721e-18,64,sphere
    16,2,Float,grid weights,28,5.398157e-03,1.784572e-04,64,sphere
    16,2,Float,1 iteration,28,4.689787e-04,1.930450e-05,64,sphere
    16,2,Float,2 iterations,28,4.524159e-05,1.877564e-06,64,sphere
    16,2,Float,3 iterations,28,4.378764e-06,1.820795e-07,64,sphere
    16,2,Float,ring weights,28,2.728623e-03,4.621339e-05,64,sphere
    16,2,Float,order weights,28,8.434444e-04,2.518348e-05,64,sphere
    16,2,Float,least squares,28,9.135882e-08,5.760747e-10,64,sphere
    16,0,Double,grid weights,32,7.202132e-03,2.459896e-04,64,sphere
    16,0,Double,1 iteration,32,7.264549e-04,3.947750e-05,64,sphere
    16,0,Double,2 iterations,32,9.185954e-05,5.275032e-06,64,sphere
    16,0,Double,3 iterations,32,1.190715e-05,6.931565e-07,64,sphere
    16,0,Double,ring weights,32,5.753077e-03,1.144943e-04,64,sphere
    16,0,Double,order weights,32,2.843399e-03,8.096062e-05,64,sphere
    16,0,Double,least squares,32,5.583638e-16,8.589776e-18,64,sphere
    16,0,Float,grid weights,32,7.202131e-03,2.459897e-04,64,sphere
    16,0,Float,1 iteration,32,7.264549e-04,3.947751e-05,64,sphere
    16,0,Float,2 iterations,32,9.185967e-05,5.275019e-06,64,sphere
    16,0,Float,3 iterations,32,1.190774e-05,6.931332e-07,64,sphere
    16,0,Float,ring weights,32,5.753077e-03,1.144943e-04,64,sphere
    16,0,Float,order weights,32,2.843356e-03,8.095631e-05,64,sphere
    16,0,Float,least squares,32,3.340632e-07,1.989866e-08,64,sphere
    16,2,Double,grid weights,32,7.454207e-03,2.006276e-04,64,sphere
    16,2,Double,1 iteration,32,7.600705e-04,3.251181e-05,64,sphere
    16,2,Double,2 iterations,32,9.596413e-05,4.303064e-06,64,sphere
    16,2,Double,3 iterations,32,1.233770e-05,5.594104e-07,64,sphere
    16,2,Double,ring weights,32,5.751728e-03,8.853244e-05,64,sphere
    16,2,Double,order weights,32,1.517110e-02,4.375540e-04,64,sphere
    16,2,Double,least squares,32,5.755451e-16,4.816389e-18,64,sphere
    16,2,Float,grid weights,32,7.454207e-03,2.006276e-04,64,sphere
    16,2,Float,1 iteration,32,7.600704e-04,3.251181e-05,64,sphere
    16,2,Float,2 iterations,32,9.596413e-05,4.303045e-06,64,sphere
    16,2,Float,3 iterations,32,1.233787e-05,5.593628e-07,64,sphere
    16,2,Float,ring weights,32,5.751727e-03,8.853240e-05,64,sphere
    16,2,Float,order weights,32,1.517112e-02,4.375548e-04,64,sphere
    16,2,Float,least squares,32,4.302108e-07,6.870175e-09,64,sphere
    16,0,Double,grid weights,36,1.284744e-02,2.687649e-04,64,sphere
    16,0,Double,1 iteration,36,1.403501e-03,5.414196e-05,64,sphere
    16,0,Double,2 iterations,36,2.059083e-04,1.037955e-05,64,sphere
    16,0,Double,3 iterations,36,3.356618e-05,1.851967e-06,64,sphere
    16,0,Double,ring weights,36,1.257753e-02,2.114393e-04,64,sphere
    16,0,Double,order weights,36,3.869332e-02,2.898002e-04,64,sphere
    16,0,Double,least squares,36,6.056215e-16,9.595894e-18,64,sphere
    16,0,Float,grid weights,36,1.284744e-02,2.687649e-04,64,sphere
    16,0,Float,1 iteration,36,1.403501e-03,5.414203e-05,64,sphere
    16,0,Float,2 iterations,36,2.059086e-04,1.037953e-05,64,sphere
    16,0,Float,3 iterations,36,3.356658e-05,1.852054e-06,64,sphere
    16,0,Float,ring weights,36,1.257753e-02,2.114393e-04,64,sphere
    16,0,Float,order weights,36,3.869333e-02,2.898003e-04,64,sphere
    16,0,Float,least squares,36,3.006359e-07,6.225846e-09,64,sphere
    16,2,Double,grid weights,36,1.270306e-02,2.039173e-04,64,sphere
    16,2,Double,1 iteration,36,1.389155e-03,4.634829e-05,64,sphere
    16,2,Double,2 iterations,36,2.066297e-04,8.731981e-06,64,sphere
    16,2,Double,3 iterations,36,3.364317e-05,1.537211e-06,64,sphere
    16,2,Double,ring weights,36,1.229500e-02,1.627421e-04,64,sphere
    16,2,Double,order weights,36,4.321554e-02,2.637773e-04,64,sphere
    16,2,Double,least squares,36,6.374477e-16,4.012115e-18,64,sphere
    16,2,Float,grid weights,36,1.270306e-02,2.039174e-04,64,sphere
    16,2,Float,1 iteration,36,1.389155e-03,4.634833e-05,64,sphere
    16,2,Float,2 iterations,36,2.066295e-04,8.731946e-06,64,sphere
    16,2,Float,3 iterations,36,3.364299e-05,1.537185e-06,64,sphere
    16,2,Float,ring weights,36,1.229500e-02,1.627422e-04,64,sphere
    16,2,Float,order weights,36,4.321555e-02,2.637772e-04,64,sphere
    16,2,Float,least squares,36,2.563994e-07,2.883609e-09,64,sphere
    16,0,Double,grid weights,40,3.145026e-02,3.434440e-04,64,sphere
    16,0,Double,1 iteration,40,5.954232e-03,8.994752e-05,64,sphere
    16,0,Double,2 iterations,40,1.270470e-03,2.301646e-05,64,sphere
    16,0,Double,3 iterations,40,2.862642e-04,5.781751e-06,64,sphere
    16,0,Double,ring weights,40,3.181763e-02,3.406894e-04,64,sphere
    16,0,Double,order weights,40,8.257041e-02,2.915290e-04,64,sphere
    16,0,Double,least squares,40,5.431280e-16,7.162238e-18,64,sphere
    16,0,Float,grid weights,40,3.145026e-02,3.434440e-04,64,sphere
    16,0,Float,1 iteration,40,5.954232e-03,8.994755e-05,64,sphere
    16,0,Float,2 iterations,40,1.270471e-03,2.301647e-05,64,sphere
    16,0,Float,3 iterations,40,2.862641e-04,5.781722e-06,64,sphere
    16,0,Float,ring weights,40,3.181763e-02,3.406894e-04,64,sphere
    16,0,Float,order weights,40,8.257042e-02,2.915291e-04,64,sphere
    16,0,Float,least squares,40,1.646995e-07,1.367172e-09,64,sphere
    16,2,Double,grid weights,40,3.061047e-02,2.483639e-04,64,sphere
    16,2,Double,1 iteration,40,5.623329e-03,6.464133e-05,64,sphere
    16,2,Double,2 iterations,40,1.171510e-03,1.664257e-05,64,sphere
    16,2,Double,3 iterations,40,2.567726e-04,4.192219e-06,64,sphere
    16,2,Double,ring weights,40,3.095789e-02,2.636205e-04,64,sphere
    16,2,Double,order weights,40,8.765183e-02,2.268633e-04,64,sphere
    16,2,Double,least squares,40,6.443532e-16,3.668527e-18,64,sphere
    16,2,Float,grid weights,40,3.061047e-02,2.483639e-04,64,sphere
    16,2,Float,1 iteration,40,5.623328e-03,6.464138e-05,64,sphere
    16,2,Float,2 iterations,40,1.171510e-03,1.664256e-05,64,sphere
    16,2,Float,3 iterations,40,2.567723e-04,4.192271e-06,64,sphere
    16,2,Float,ring weights,40,3.095789e-02,2.636205e-04,64,sphere
    16,2,Float,order weights,40,8.765184e-02,2.268633e-04,64,sphere
    16,2,Float,least squares,40,1.508462e-07,7.504516e-10,64,sphere
    16,0,Double,grid weights,44,8.807477e-02,8.338395e-04,64,sphere
    16,0,Double,1 iteration,44,4.608834e-02,5.941650e-04,64,sphere
    16,0,Double,2 iterations,44,2.715729e-02,4.285543e-04,64,sphere
    16,0,Double,3 iterations,44,1.690746e-02,3.078078e-04,64,sphere
    16,0,Double,ring weights,44,8.840728e-02,8.339431e-04,64,sphere
    16,0,Double,order weights,44,1.411087e-01,4.198702e-04,64,sphere
    16,0,Double,least squares,44,7.976845e-16,1.798936e-17,64,sphere
    16,0,Float,grid weights,44,8.807477e-02,8.338395e-04,64,sphere
    16,0,Float,1 iteration,44,4.608834e-02,5.941650e-04,64,sphere
    16,0,Float,2 iterations,44,2.715729e-02,4.285543e-04,64,sphere
    16,0,Float,3 iterations,44,1.690746e-02,3.078079e-04,64,sphere
    16,0,Float,ring weights,44,8.840728e-02,8.339431e-04,64,sphere
    16,0,Float,order weights,44,1.411087e-01,4.198702e-04,64,sphere
    16,0,Float,least squares,44,4.351145e-07,8.290891e-09,64,sphere
    16,2,Double,grid weights,44,8.675121e-02,6.194711e-04,64,sphere
    16,2,Double,1 iteration,44,4.446113e-02,4.399833e-04,64,sphere
    16,2,Double,2 iterations,44,2.567800e-02,3.169976e-04,64,sphere
    16,2,Double,3 iterations,44,1.568595e-02,2.268092e-04,64,sphere
    16,2,Double,ring weights,44,8.707236e-02,6.186645e-04,64,sphere
    16,2,Double,order weights,44,1.475464e-01,3.781154e-04,64,sphere
    16,2,Double,least squares,44,1.105266e-15,1.758465e-17,64,sphere
    16,2,Float,grid weights,44,8.675121e-02,6.194711e-04,64,sphere
    16,2,Float,1 iteration,44,4.446113e-02,4.399833e-04,64,sphere
    16,2,Float,2 iterations,44,2.567800e-02,3.169976e-04,64,sphere
    16,2,Float,3 iterations,44,1.568595e-02,2.268092e-04,64,sphere
    16,2,Float,ring weights,44,8.707235e-02,6.186645e-04,64,sphere
    16,2,Float,order weights,44,1.475464e-01,3.781154e-04,64,sphere
    16,2,Float,least squares,44,2.614320e-07,1.383325e-08,64,sphere
    16,0,Double,grid weights,47,1.457964e-01,1.312498e-03,64,sphere
    16,0,Double,1 iteration,47,1.117027e-01,1.260483e-03,64,sphere
    16,0,Double,2 iterations,47,9.470349e-02,1.197606e-03,64,sphere
    16,0,Double,3 iterations,47,8.327708e-02,1.145234e-03,64,sphere
    16,0,Double,ring weights,47,1.461038e-01,1.307841e-03,64,sphere
    16,0,Double,order weights,47,1.969401e-01,7.343198e-04,64,sphere
    16,0,Double,least squares,47,2.529520e-15,1.167963e-16,64,sphere
    16,0,Float,grid weights,47,1.457964e-01,1.312498e-03,64,sphere
    16,0,Float,1 iteration,47,1.117027e-01,1.260482e-03,64,sphere
    16,0,Float,2 iterations,47,9.470348e-02,1.197605e-03,64,sphere
    16,0,Float,3 iterations,47,8.327707e-02,1.145234e-03,64,sphere
    16,0,Float,ring weights,47,1.461038e-01,1.307841e-03,64,sphere
    16,0,Float,order weights,47,1.969401e-01,7.343198e-04,64,sphere
    16,0,Float,least squares,47,1.340836e-06,2.641548e-07,64,sphere
    16,2,Double,grid weights,47,1.439484e-01,9.129613e-04,64,sphere
    16,2,Double,1 iteration,47,1.094314e-01,8.952563e-04,64,sphere
    16,2,Double,2 iterations,47,9.209630e-02,8.589528e-04,64,sphere
    16,2,Double,3 iterations,47,8.039551e-02,8.247572e-04,64,sphere
    16,2,Double,ring weights,47,1.442640e-01,9.107217e-04,64,sphere
    16,2,Double,order weights,47,2.007022e-01,5.849943e-04,64,sphere
    16,2,Double,least squares,47,1.323181e-15,2.368276e-17,64,sphere
    16,2,Float,grid weights,47,1.439484e-01,9.129613e-04,64,sphere
    16,2,Float,1 iteration,47,1.094314e-01,8.952563e-04,64,sphere
    16,2,Float,2 iterations,47,9.209630e-02,8.589528e-04,64,sphere
    16,2,Float,3 iterations,47,8.039551e-02,8.247572e-04,64,sphere
    16,2,Float,ring weights,47,1.442640e-01,9.107216e-04,64,sphere
    16,2,Float,order weights,47,2.007022e-01,5.849942e-04,64,sphere
    16,2,Float,least squares,47,3.723639e-06,2.771423e-07,64,sphere
    32,0,Double,grid weights,16,6.083102e-04,3.607834e-05,64,sphere
    32,0,Double,1 iteration,16,4.647389e-06,2.918607e-07,64,sphere
    32,0,Double,2 iterations,16,3.670828e-08,2.337657e-09,64,sphere
    32,0,Double,3 iterations,16,2.919262e-10,1.901701e-11,64,sphere
    32,0,Double,ring weights,16,3.376910e-06,7.717623e-08,64,sphere
    32,0,Double,order weights,16,2.278514e-15,4.031103e-17,64,sphere
    32,0,Double,least squares,16,2.211512e-16,2.941316e-18,64,sphere
    32,0,Float,grid weights,16,6.083085e-04,3.607838e-05,64,sphere
    32,0,Float,1 iteration,16,4.647636e-06,2.918489e-07,64,sphere
    32,0,Float,2 iterations,16,4.117391e-08,2.171936e-09,64,sphere
    32,0,Float,3 iterations,16,1.103074e-08,1.773712e-10,64,sphere
    32,0,Float,ring weights,16,3.377056e-06,7.713599e-08,64,sphere
    32,0,Float,order weights,16,1.281797e-07,9.845400e-10,64,sphere
    32,0,Float,least squares,16,9.846398e-08,2.844122e-08,64,sphere
    32,2,Double,grid weights,16,6.695918e-04,3.325859e-05,64,sphere
    32,2,Double,1 iteration,16,5.090332e-06,2.636489e-07,64,sphere
    32,2,Double,2 iterations,16,3.951250e-08,2.046655e-09,64,sphere
    32,2,Double,3 iterations,16,3.067205e-10,1.588705e-11,64,sphere
    32,2,Double,ring weights,16,3.357551e-06,6.854916e-08,64,sphere
    32,2,Double,order weights,16,1.894496e-15,1.276332e-17,64,sphere
    32,2,Double,least squares,16,3.145155e-16,4.114170e-18,64,sphere
    32,2,Float,grid weights,16,6.695909e-04,3.325865e-05,64,sphere
    32,2,Float,1 iteration,16,5.090489e-06,2.636067e-07,64,sphere
    32,2,Float,2 iterations,16,4.361010e-08,1.815755e-09,64,sphere
    32,2,Float,3 iterations,16,1.182735e-08,1.343307e-10,64,sphere
    32,2,Float,ring weights,16,3.357782e-06,6.852979e-08,64,sphere
    32,2,Float,order weights,16,1.280080e-07,6.352360e-10,64,sphere
    32,2,Float,least squares,16,4.520472e-08,2.442547e-10,64,sphere
    32,0,Double,grid weights,24,9.097254e-04,6.884316e-05,64,sphere
    32,0,Double,1 iteration,24,1.526292e-05,1.196143e-06,64,sphere
    32,0,Double,2 iterations,24,2.615731e-07,2.055269e-08,64,sphere
    32,0,Double,3 iterations,24,4.497426e-09,3.557068e-10,64,sphere
    32,0,Double,ring weights,24,2.154114e-05,4.900951e-07,64,sphere
    32,0,Double,order weights,24,5.216556e-15,8.277620e-17,64,sphere
    32,0,Double,least squares,24,3.358340e-16,3.299246e-17,64,sphere
    32,0,Float,grid weights,24,9.097243e-04,6.884322e-05,64,sphere
    32,0,Float,1 iteration,24,1.526272e-05,1.196099e-06,64,sphere
    32,0,Float,2 iterations,24,2.632021e-07,2.043527e-08,64,sphere
    32,0,Float,3 iterations,24,2.494163e-08,2.309712e-10,64,sphere
    32,0,Float,ring weights,24,2.154109e-05,4.900959e-07,64,sphere
    32,0,Float,order weights,24,1.324863e-07,6.305353e-10,64,sphere
    32,0,Float,least squares,24,5.117886e-08,2.573025e-10,64,sphere
    32,2,Double,grid weights,24,9.782198e-04,3.646996e-05,64,sphere
    32,2,Double,1 iteration,24,1.639620e-05,6.297975e-07,64,sphere
    32,2,Double,2 iterations,24,2.789563e-07,1.071636e-08,64,sphere
    32,2,Double,3 iterations,24,4.746088e-09,1.823423e-10,64,sphere
    32,2,Double,ring weights,24,2.314262e-05,4.200015e-07,64,sphere
    32,2,Double,order weights,24,8.224426e-15,8.591446e-17,64,sphere
    32,2,Double,least squares,24,4.343640e-16,2.871512e-17,64,sphere
    32,2,Float,grid weights,24,9.782195e-04,3.647001e-05,64,sphere
    32,2,Float,1 iteration,24,1.639624e-05,6.298047e-07,64,sphere
    32,2,Float,2 iterations,24,2.806314e-07,1.067987e-08,64,sphere
    32,2,Float,3 iterations,24,2.567021e-08,1.490657e-10,64,sphere
    32,2,Float,ring weights,24,2.314255e-05,4.200287e-07,64,sphere
    32,2,Float,order weights,24,1.337259e-07,3.930395e-10,64,sphere
    32,2,Float,least squares,24,5.038924e-08,1.100558e-10,64,sphere
    32,0,Double,grid weights,32,1.279669e-03,7.042681e-05,64,sphere
    32,0,Double,1 iteration,32,3.802140e-05,2.170819e-06,64,sphere
    32,0,Double,2 iterations,32,1.147794e-06,6.631716e-08,64,sphere
    32,0,Double,3 iterations,32,3.471469e-08,2.035415e-09,64,sphere
    32,0,Double,ring weights,32,8.522846e-05,1.873361e-06,64,sphere
    32,0,Double,order weights,32,9.060552e-14,2.123489e-15,64,sphere
    32,0,Double,least squares,32,2.975318e-16,3.155375e-18,64,sphere
    32,0,Float,grid weights,32,1.279668e-03,7.042690e-05,64,sphere
    32,0,Float,1 iteration,32,3.802148e-05,2.170834e-06,64,sphere
    32,0,Float,2 iterations,32,1.148571e-06,6.632299e-08,64,sphere
    32,0,Float,3 iterations,32,5.115537e-08,1.428861e-09,64,sphere
    32,0,Float,ring weights,32,8.522826e-05,1.873380e-06,64,sphere
    32,0,Float,order weights,32,1.368745e-07,5.596621e-10,64,sphere
    32,0,Float,least squares,32,6.261136e-08,9.132079e-10,64,sphere
    32,2,Double,grid weights,32,1.347154e-03,5.682723e-05,64,sphere
    32,2,Double,1 iteration,32,3.987752e-05,1.725039e-06,64,sphere
    32,2,Double,2 iterations,32,1.195118e-06,5.172015e-08,64,sphere
    32,2,Double,3 iterations,32,3.581766e-08,1.550670e-09,64,sphere
    32,2,Double,ring weights,32,8.833583e-05,1.901963e-06,64,sphere
    32,2,Double,order weights,32,1.878159e-12,6.545359e-14,64,sphere
    32,2,Double,least squares,32,4.326513e-16,3.179651e-18,64,sphere
    32,2,Float,grid weights,32,1.347154e-03,5.682726e-05,64,sphere
    32,2,Float,1 iteration,32,3.987744e-05,1.725018e-06,64,sphere
    32,2,Float,2 iterations,32,1.195709e-06,5.165241e-08,64,sphere
    32,2,Float,3 iterations,32,5.231986e-08,1.053245e-09,64,sphere
    32,2,Float,ring weights,32,8.833591e-05,1.901960e-06,64,sphere
    32,2,Float,order weights,32,1.520033e-07,7.992532e-10,64,sphere
    32,2,Float,least squares,32,5.676726e-08,1.195498e-10,64,sphere
    32,0,Double,grid weights,40,1.614806e-03,1.001626e-04,64,sphere
    32,0,Double,1 iteration,40,7.455622e-05,4.905436e-06,64,sphere
    32,0,Double,2 iterations,40,3.515703e-06,2.360369e-07,64,sphere
    32,0,Double,3 iterations,40,1.659896e-07,1.138696e-08,64,sphere
    32,0,Double,ring weights,40,2.612186e-04,6.506380e-06,64,sphere
    32,0,Double,order weights,40,6.417865e-12,1.721111e-13,64,sphere
    32,0,Double,least squares,40,3.310963e-16,2.838442e-18,64,sphere
    32,0,Float,grid weights,40,1.614805e-03,1.001627e-04,64,sphere
    32,0,Float,1 iteration,40,7.455630e-05,4.905459e-06,64,sphere
    32,0,Float,2 iterations,40,3.515747e-06,2.359717e-07,64,sphere
    32,0,Float,3 iterations,40,1.727797e-07,1.092340e-08,64,sphere
    32,0,Float,ring weights,40,2.612185e-04,6.506353e-06,64,sphere
    32,0,Float,order weights,40,1.469998e-07,5.184353e-10,64,sphere
    32,0,Float,least squares,40,8.839994e-08,2.892576e-09,64,sphere
    32,2,Double,grid weights,40,1.738135e-03,7.438545e-05,64,sphere
    32,2,Double,1 iteration,40,8.001012e-05,3.548093e-06,64,sphere
    32,2,Double,2 iterations,40,3.746650e-06,1.661826e-07,64,sphere
    32,2,Double,3 iterations,40,1.754505e-07,7.783378e-09,64,sphere
    32,2,Double,ring weights,40,2.628368e-04,5.571481e-06,64,sphere
    32,2,Double,order weights,40,2.931256e-11,5.367223e-13,64,sphere
    32,2,Double,least squares,40,4.793851e-16,3.547022e-18,64,sphere
    32,2,Float,grid weights,40,1.738134e-03,7.438545e-05,64,sphere
    32,2,Float,1 iteration,40,8.000995e-05,3.548060e-06,64,sphere
    32,2,Float,2 iterations,40,3.746864e-06,1.661410e-07,64,sphere
    32,2,Float,3 iterations,40,1.821118e-07,7.469874e-09,64,sphere
    32,2,Float,ring weights,40,2.628368e-04,5.571482e-06,64,sphere
    32,2,Float,order weights,40,7.695706e-07,1.999730e-08,64,sphere
    32,2,Float,least squares,40,6.868994e-08,2.440890e-10,64,sphere
    32,0,Double,grid weights,48,1.999048e-03,1.271938e-04,64,sphere
    32,0,Double,1 iteration,48,1.311466e-04,9.149999e-06,64,sphere
    32,0,Double,2 iterations,48,8.966244e-06,6.364318e-07,64,sphere
    32,0,Double,3 iterations,48,6.137429e-07,4.431950e-08,64,sphere
    32,0,Double,ring weights,48,5.834969e-04,1.456010e-05,64,sphere
    32,0,Double,order weights,48,1.858655e-10,4.291790e-12,64,sphere
    32,0,Double,least squares,48,4.248147e-16,2.407414e-17,64,sphere
    32,0,Float,grid weights,48,1.999047e-03,1.271938e-04,64,sphere
    32,0,Float,1 iteration,48,1.311466e-04,9.149970e-06,64,sphere
    32,0,Float,2 iterations,48,8.966409e-06,6.364982e-07,64,sphere
    32,0,Float,3 iterations,48,6.166499e-07,4.407656e-08,64,sphere
    32,0,Float,ring weights,48,5.834968e-04,1.456009e-05,64,sphere
    32,0,Float,order weights,48,4.604266e-07,1.662032e-08,64,sphere
    32,0,Float,least squares,48,2.822785e-07,8.128440e-09,64,sphere
    32,2,Double,grid weights,48,2.248946e-03,9.209709e-05,64,sphere
    32,2,Double,1 iteration,48,1.475998e-04,6.482102e-06,64,sphere
    32,2,Double,2 iterations,48,1.001812e-05,4.404557e-07,64,sphere
    32,2,Double,3 iterations,48,6.801534e-07,2.992091e-08,64,sphere
    32,2,Double,ring weights,48,6.000158e-04,1.573427e-05,64,sphere
    32,2,Double,order weights,48,1.454613e-07,4.868722e-09,64,sphere
    32,2,Double,least squares,48,5.943699e-16,2.594874e-17,64,sphere
    32,2,Float,grid weights,48,2.248946e-03,9.209710e-05,64,sphere
    32,2,Float,1 iteration,48,1.475998e-04,6.482106e-06,64,sphere
    32,2,Float,2 iterations,48,1.001820e-05,4.403962e-07,64,sphere
    32,2,Float,3 iterations,48,6.825517e-07,2.977718e-08,64,sphere
    32,2,Float,ring weights,48,6.000159e-04,1.573425e-05,64,sphere
    32,2,Float,order weights,48,1.490593e-05,4.624617e-07,64,sphere
    32,2,Float,least squares,48,2.468736e-07,6.223982e-09,64,sphere
    32,0,Double,grid weights,56,2.653877e-03,1.384250e-04,61,sphere
    32,0,Double,1 iteration,56,2.277350e-04,1.428564e-05,61,sphere
    32,0,Double,2 iterations,56,2.131484e-05,1.365275e-06,61,sphere
    32,0,Double,3 iterations,56,2.001701e-06,1.303705e-07,61,sphere
    32,0,Double,ring weights,56,1.270501e-03,3.102952e-05,61,sphere
    32,0,Double,order weights,56,3.165509e-07,9.042011e-09,61,sphere
    32,0,Double,least squares,56,6.104231e-16,3.163983e-17,61,sphere
    32,0,Float,grid weights,56,2.653877e-03,1.384251e-04,61,sphere
    32,0,Float,1 iteration,56,2.277352e-04,1.428565e-05,61,sphere
    32,0,Float,2 iterations,56,2.131511e-05,1.365267e-06,61,sphere
    32,0,Float,3 iterations,56,2.002925e-06,1.302440e-07,61,sphere
    32,0,Float,ring weights,56,1.270501e-03,3.102950e-05,61,sphere
    32,0,Float,order weights,56,1.900689e-05,1.000729e-06,61,sphere
    32,0,Float,least squares,56,8.838451e-08,5.662393e-10,61,sphere
    32,2,Double,grid weights,56,2.768639e-03,1.142577e-04,61,sphere
    32,2,Double,1 iteration,56,2.385939e-04,1.161033e-05,61,sphere
    32,2,Double,2 iterations,56,2.228861e-05,1.089713e-06,61,sphere
    32,2,Double,3 iterations,56,2.086723e-06,1.020506e-07,61,sphere
    32,2,Double,ring weights,56,1.278911e-03,2.503267e-05,61,sphere
    32,2,Double,order weights,56,1.584740e-05,5.734504e-07,61,sphere
    32,2,Double,least squares,56,7.464059e-16,2.731223e-17,61,sphere
    32,2,Float,grid weights,56,2.768638e-03,1.142577e-04,61,sphere
    32,2,Float,1 iteration,56,2.385939e-04,1.161032e-05,61,sphere
    32,2,Float,2 iterations,56,2.228857e-05,1.089701e-06,61,sphere
    32,2,Float,3 iterations,56,2.087681e-06,1.019673e-07,61,sphere
    32,2,Float,ring weights,56,1.278911e-03,2.503267e-05,61,sphere
    32,2,Float,order weights,56,3.670680e-04,1.634661e-05,61,sphere
    32,2,Float,least squares,56,8.476931e-08,1.172252e-10,61,sphere
    32,0,Double,grid weights,64,3.662719e-03,2.075415e-04,47,sphere
    32,0,Double,1 iteration,64,3.719137e-04,3.098319e-05,47,sphere
    32,0,Double,2 iterations,64,4.562147e-05,3.974182e-06,47,sphere
    32,0,Double,3 iterations,64,5.693549e-06,5.027427e-07,47,sphere
    32,0,Double,ring weights,64,2.757114e-03,7.370509e-05,47,sphere
    32,0,Double,order weights,64,1.090386e-03,3.844823e-05,47,sphere
    32,0,Double,least squares,64,4.449481e-16,2.882958e-18,47,sphere
    32,0,Float,grid weights,64,3.662719e-03,2.075415e-04,47,sphere
    32,0,Float,1 iteration,64,3.719136e-04,3.098309e-05,47,sphere
    32,0,Float,2 iterations,64,4.562148e-05,3.974112e-06,47,sphere
    32,0,Float,3 iterations,64,5.693911e-06,5.025869e-07,47,sphere
    32,0,Float,ring weights,64,2.757114e-03,7.370508e-05,47,sphere
    32,0,Float,order weights,64,1.068126e-03,3.651646e-05,47,sphere
    32,0,Float,least squares,64,1.912409e-07,6.360745e-09,47,sphere
    32,2,Double,grid weights,64,3.718031e-03,1.171011e-04,47,sphere
    32,2,Double,1 iteration,64,3.772430e-04,1.688965e-05,47,sphere
    32,2,Double,2 iterations,64,4.632424e-05,2.134803e-06,47,sphere
    32,2,Double,3 iterations,64,5.773661e-06,2.664204e-07,47,sphere
    32,2,Double,ring weights,64,2.795104e-03,5.539914e-05,47,sphere
    32,2,Double,order weights,64,7.812134e-03,2.698701e-04,47,sphere
    32,2,Double,least squares,64,6.266495e-16,3.577633e-18,47,sphere
    32,2,Float,grid weights,64,3.718030e-03,1.171011e-04,47,sphere
    32,2,Float,1 iteration,64,3.772430e-04,1.688966e-05,47,sphere
    32,2,Float,2 iterations,64,4.632438e-05,2.134830e-06,47,sphere
    32,2,Float,3 iterations,64,5.774124e-06,2.663928e-07,47,sphere
    32,2,Float,ring weights,64,2.795103e-03,5.539913e-05,47,sphere
    32,2,Float,order weights,64,7.814821e-03,2.697598e-04,47,sphere
    32,2,Float,least squares,64,1.817881e-07,2.537861e-09,47,sphere
    32,0,Double,grid weights,72,6.062480e-03,2.120217e-04,37,sphere
    32,0,Double,1 iteration,72,6.368809e-04,4.697918e-05,37,sphere
    32,0,Double,2 iterations,72,9.257359e-05,8.519653e-06,37,sphere
    32,0,Double,3 iterations,72,1.474437e-05,1.435345e-06,37,sphere
    32,0,Double,ring weights,72,5.783743e-03,1.274414e-04,37,sphere
    32,0,Double,order weights,72,3.332550e-02,2.076368e-04,37,sphere
    32,0,Double,least squares,72,4.773793e-16,3.262463e-18,37,sphere
    32,0,Float,grid weights,72,6.062479e-03,2.120218e-04,37,sphere
    32,0,Float,1 iteration,72,6.368813e-04,4.697928e-05,37,sphere
    32,0,Float,2 iterations,72,9.257394e-05,8.519720e-06,37,sphere
    32,0,Float,3 iterations,72,1.474509e-05,1.435527e-06,37,sphere
    32,0,Float,ring weights,72,5.783742e-03,1.274414e-04,37,sphere
    32,0,Float,order weights,72,3.332550e-02,2.076371e-04,37,sphere
    32,0,Float,least squares,72,1.348816e-07,2.238065e-09,37,sphere
    32,2,Double,grid weights,72,6.080878e-03,1.112337e-04,37,sphere
    32,2,Double,1 iteration,72,6.348434e-04,2.600916e-05,37,sphere
    32,2,Double,2 iterations,72,9.272875e-05,4.694559e-06,37,sphere
    32,2,Double,3 iterations,72,1.474866e-05,7.825218e-07,37,sphere
    32,2,Double,ring weights,72,5.775431e-03,7.244750e-05,37,sphere
    32,2,Double,order weights,72,3.457257e-02,1.582253e-04,37,sphere
    32,2,Double,least squares,72,6.739020e-16,3.956110e-18,37,sphere
    32,2,Float,grid weights,72,6.080877e-03,1.112337e-04,37,sphere
    32,2,Float,1 iteration,72,6.348430e-04,2.600913e-05,37,sphere
    32,2,Float,2 iterations,72,9.272841e-05,4.694495e-06,37,sphere
    32,2,Float,3 iterations,72,1.474858e-05,7.824947e-07,37,sphere
    32,2,Float,ring weights,72,5.775431e-03,7.244750e-05,37,sphere
    32,2,Float,order weights,72,3.457254e-02,1.582231e-04,37,sphere
    32,2,Float,least squares,72,1.334451e-07,1.026504e-09,37,sphere
    32,0,Double,grid weights,80,1.945339e-02,3.158601e-04,30,sphere
    32,0,Double,1 iteration,80,3.706714e-03,7.244441e-05,30,sphere
    32,0,Double,2 iterations,80,7.884179e-04,1.752001e-05,30,sphere
    32,0,Double,3 iterations,80,1.767841e-04,4.402471e-06,30,sphere
    32,0,Double,ring weights,80,1.952446e-02,3.134345e-04,30,sphere
    32,0,Double,order weights,80,7.582704e-02,2.342413e-04,30,sphere
    32,0,Double,least squares,80,5.347522e-16,2.994332e-18,30,sphere
    32,0,Float,grid weights,80,1.945339e-02,3.158600e-04,30,sphere
    32,0,Float,1 iteration,80,3.706713e-03,7.244439e-05,30,sphere
    32,0,Float,2 iterations,80,7.884179e-04,1.751998e-05,30,sphere
    32,0,Float,3 iterations,80,1.767838e-04,4.402441e-06,30,sphere
    32,0,Float,ring weights,80,1.952446e-02,3.134345e-04,30,sphere
    32,0,Float,order weights,80,7.582706e-02,2.342414e-04,30,sphere
    32,0,Float,least squares,80,1.583232e-07,1.196867e-09,30,sphere
    32,2,Double,grid weights,80,1.927035e-02,2.176807e-04,30,sphere
    32,2,Double,1 iteration,80,3.636564e-03,6.117632e-05,30,sphere
    32,2,Double,2 iterations,80,7.675798e-04,1.619651e-05,30,sphere
    32,2,Double,3 iterations,80,1.706569e-04,4.233136e-06,30,sphere
    32,2,Double,ring weights,80,1.932878e-02,2.199811e-04,30,sphere
    32,2,Double,order weights,80,7.776932e-02,1.692339e-04,30,sphere
    32,2,Double,least squares,80,7.284410e-16,4.306631e-18,30,sphere
    32,2,Float,grid weights,80,1.927035e-02,2.176807e-04,30,sphere
    32,2,Float,1 iteration,80,3.636564e-03,6.117627e-05,30,sphere
    32,2,Float,2 iterations,80,7.675798e-04,1.619652e-05,30,sphere
    32,2,Float,3 iterations,80,1.706569e-04,4.233120e-06,30,sphere
    32,2,Float,ring weights,80,1.932878e-02,2.199812e-04,30,sphere
    32,2,Float,order weights,80,7.776946e-02,1.692333e-04,30,sphere
    32,2,Float,least squares,80,1.539256e-07,7.255978e-10,30,sphere
    32,0,Double,grid weights,88,8.006770e-02,9.523295e-04,25,sphere
    32,0,Double,1 iteration,88,5.490019e-02,8.296344e-04,25,sphere
    32,0,Double,2 iterations,88,4.172047e-02,7.463438e-04,25,sphere
    32,0,Double,3 iterations,88,3.302883e-02,6.776210e-04,25,sphere
    32,0,Double,ring weights,88,8.013836e-02,9.529241e-04,25,sphere
    32,0,Double,order weights,88,1.355673e-01,5.425310e-04,25,sphere
    32,0,Double,least squares,88,1.605001e-15,7.891234e-17,25,sphere
    32,0,Float,grid weights,88,8.006770e-02,9.523295e-04,25,sphere
    32,0,Float,1 iteration,88,5.490019e-02,8.296344e-04,25,sphere
    32,0,Float,2 iterations,88,4.172047e-02,7.463438e-04,25,sphere
    32,0,Float,3 iterations,88,3.302882e-02,6.776211e-04,25,sphere
    32,0,Float,ring weights,88,8.013836e-02,9.529241e-04,25,sphere
    32,0,Float,order weights,88,1.355673e-01,5.425309e-04,25,sphere
    32,0,Float,least squares,88,1.021458e-06,2.799015e-08,25,sphere
    32,2,Double,grid weights,88,7.918628e-02,5.197336e-04,25,sphere
    32,2,Double,1 iteration,88,5.368553e-02,4.981771e-04,25,sphere
    32,2,Double,2 iterations,88,4.042454e-02,4.644097e-04,25,sphere
    32,2,Double,3 iterations,88,3.173455e-02,4.221705e-04,25,sphere
    32,2,Double,ring weights,88,7.925744e-02,5.228727e-04,25,sphere
    32,2,Double,order weights,88,1.379058e-01,3.532032e-04,25,sphere
    32,2,Double,least squares,88,1.042805e-15,5.819770e-18,25,sphere
    32,2,Float,grid weights,88,7.918628e-02,5.197337e-04,25,sphere
    32,2,Float,1 iteration,88,5.368553e-02,4.981771e-04,25,sphere
    32,2,Float,2 iterations,88,4.042454e-02,4.644097e-04,25,sphere
    32,2,Float,3 iterations,88,3.173455e-02,4.221704e-04,25,sphere
    32,2,Float,ring weights,88,7.925744e-02,5.228728e-04,25,sphere
    32,2,Float,order weights,88,1.379058e-01,3.532033e-04,25,sphere
    32,2,Float,least squares,88,1.068563e-06,2.838442e-08,25,sphere
    32,0,Double,grid weights,95,1.470257e-01,1.364285e-03,21,sphere
    32,0,Double,1 iteration,95,1.277627e-01,1.305352e-03,21,sphere
    32,0,Double,2 iterations,95,1.184892e-01,1.272183e-03,21,sphere
    32,0,Double,3 iterations,95,1.124973e-01,1.257861e-03,21,sphere
    32,0,Double,ring weights,95,1.471113e-01,1.361676e-03,21,sphere
    32,0,Double,order weights,95,1.982949e-01,7.112317e-04,21,sphere
    32,0,Double,least squares,95,8.085608e-14,6.486132e-15,21,sphere
    32,0,Float,grid weights,95,1.470257e-01,1.364285e-03,21,sphere
    32,0,Float,1 iteration,95,1.277627e-01,1.305352e-03,21,sphere
    32,0,Float,2 iterations,95,1.184892e-01,1.272183e-03,21,sphere
    32,0,Float,3 iterations,95,1.124973e-01,1.257861e-03,21,sphere
    32,0,Float,ring weights,95,1.471113e-01,1.361676e-03,21,sphere
    32,0,Float,order weights,95,1.982949e-01,7.112316e-04,21,sphere
    32,0,Float,least squares,95,5.939154e-05,6.515630e-06,21,sphere
    32,2,Double,grid weights,95,1.466584e-01,7.373963e-04,21,sphere
    32,2,Double,1 iteration,95,1.271882e-01,6.829076e-04,21,sphere
    32,2,Double,2 iterations,95,1.177558e-01,6.529552e-04,21,sphere
    32,2,Double,3 iterations,95,1.116398e-01,6.396820e-04,21,sphere
    32,2,Double,ring weights,95,1.467281e-01,7.365478e-04,21,sphere
    32,2,Double,order weights,95,2.001340e-01,4.124486e-04,21,sphere
    32,2,Double,least squares,95,1.502864e-14,1.134476e-15,21,sphere
    32,2,Float,grid weights,95,1.466584e-01,7.373963e-04,21,sphere
    32,2,Float,1 iteration,95,1.271882e-01,6.829075e-04,21,sphere
    32,2,Float,2 iterations,95,1.177558e-01,6.529551e-04,21,sphere
    32,2,Float,3 iterations,95,1.116398e-01,6.396820e-04,21,sphere
    32,2,Float,ring weights,95,1.467281e-01,7.365478e-04,21,sphere
    32,2,Float,order weights,95,2.001340e-01,4.124485e-04,21,sphere
    32,2,Float,least squares,95,6.624092e-05,1.392400e-05,21,sphere
    64,0,Double,grid weights,32,3.146261e-04,1.742380e-05,64,sphere
    64,0,Double,1 iteration,32,2.309986e-06,1.321988e-07,64,sphere
    64,0,Double,2 iterations,32,1.719298e-08,9.960817e-10,64,sphere
    64,0,Double,3 iterations,32,1.281984e-10,7.539242e-12,64,sphere
    64,0,Double,ring weights,32,1.425958e-06,3.149833e-08,64,sphere
    64,0,Double,order weights,32,4.647213e-15,6.107124e-17,64,sphere
    64,0,Double,least squares,32,2.761559e-16,3.165357e-18,64,sphere
    64,0,Float,grid weights,32,3.146254e-04,1.742388e-05,64,sphere
    64,0,Float,1 iteration,32,2.310486e-06,1.322358e-07,64,sphere
    64,0,Float,2 iterations,32,2.384424e-08,7.578144e-10,64,sphere
    64,0,Float,3 iterations,32,1.246806e-08,9.953343e-11,64,sphere
    64,0,Float,ring weights,32,1.426879e-06,3.147709e-08,64,sphere
    64,0,Float,order weights,32,1.793349e-07,6.423652e-10,64,sphere
    64,0,Float,least squares,32,3.518768e-07,3.817330e-09,64,sphere
    64,2,Double,grid weights,32,3.311911e-04,1.398626e-05,64,sphere
    64,2,Double,1 iteration,32,2.422278e-06,1.044357e-07,64,sphere
    64,2,Double,2 iterations,32,1.790012e-08,7.717868e-10,64,sphere
    64,2,Double,3 iterations,32,1.322788e-10,5.703523e-12,64,sphere
    64,2,Double,ring weights,32,1.477219e-06,3.177937e-08,64,sphere
    64,2,Double,order weights,32,6.997519e-15,7.201180e-17,64,sphere
    64,2,Double,least squares,32,4.212481e-16,4.073085e-18,64,sphere
    64,2,Float,grid weights,32,3.311907e-04,1.398632e-05,64,sphere
    64,2,Float,1 iteration,32,2.422403e-06,1.044254e-07,64,sphere
    64,2,Float,2 iterations,32,2.493171e-08,5.419675e-10,64,sphere
    64,2,Float,3 iterations,32,1.282429e-08,8.629546e-11,64,sphere
    64,2,Float,ring weights,32,1.478292e-06,3.175995e-08,64,sphere
    64,2,Float,order weights,32,1.794609e-07,4.752991e-10,64,sphere
    64,2,Float,least squares,32,3.423405e-07,1.963499e-09,64,sphere
    64,0,Double,grid weights,48,4.693071e-04,3.141478e-05,64,sphere
    64,0,Double,1 iteration,48,7.691692e-06,5.313989e-07,64,sphere
    64,0,Double,2 iterations,48,1.272129e-07,8.929529e-09,64,sphere
    64,0,Double,3 iterations,48,2.105603e-09,1.502575e-10,64,sphere
    64,0,Double,ring weights,48,1.041906e-05,2.645682e-07,64,sphere
    64,0,Double,order weights,48,6.018089e-15,6.377626e-17,64,sphere
    64,0,Double,least squares,48,3.582111e-16,2.911527e-18,64,sphere
    64,0,Float,grid weights,48,4.693064e-04,3.141484e-05,64,sphere
    64,0,Float,1 iteration,48,7.691769e-06,5.313534e-07,64,sphere
    64,0,Float,2 iterations,48,1.306751e-07,8.703798e-09,64,sphere
    64,0,Float,3 iterations,48,2.730961e-08,1.128108e-10,64,sphere
    64,0,Float,ring weights,48,1.041931e-05,2.645655e-07,64,sphere
    64,0,Float,order weights,48,1.821434e-07,4.827088e-10,64,sphere
    64,0,Float,least squares,48,1.075168e-07,2.979387e-08,64,sphere
    64,2,Double,grid weights,48,5.283022e-04,2.283681e-05,64,sphere
    64,2,Double,1 iteration,48,8.616915e-06,3.773426e-07,64,sphere
    64,2,Double,2 iterations,48,1.414697e-07,6.195368e-09,64,sphere
    64,2,Double,3 iterations,48,2.322606e-09,1.017180e-10,64,sphere
    64,2,Double,ring weights,48,1.073545e-05,2.879385e-07,64,sphere
    64,2,Double,order weights,48,6.747284e-15,4.946933e-17,64,sphere
    64,2,Double,least squares,48,5.201909e-16,3.206878e-18,64,sphere
    64,2,Float,grid weights,48,5.283018e-04,2.283685e-05,64,sphere
    64,2,Float,1 iteration,48,8.617012e-06,3.773414e-07,64,sphere
    64,2,Float,2 iterations,48,1.449108e-07,6.080215e-09,64,sphere
    64,2,Float,3 iterations,48,2.795074e-08,7.851307e-11,64,sphere
    64,2,Float,ring weights,48,1.073561e-05,2.879135e-07,64,sphere
    64,2,Float,order weights,48,1.844209e-07,2.803733e-10,64,sphere
    64,2,Float,least squares,48,5.185957e-08,5.880977e-11,64,sphere
    64,0,Double,grid weights,64,6.754497e-04,5.529834e-05,47,sphere
    64,0,Double,1 iteration,64,1.955461e-05,1.639913e-06,47,sphere
    64,0,Double,2 iterations,64,5.702710e-07,4.836530e-08,47,sphere
    64,0,Double,3 iterations,64,1.663899e-08,1.427778e-09,47,sphere
    64,0,Double,ring weights,64,4.234838e-05,1.120304e-06,47,sphere
    64,0,Double,order weights,64,4.378444e-14,1.477833e-15,47,sphere
    64,0,Double,least squares,64,3.899337e-16,3.501080e-18,47,sphere
    64,0,Float,grid weights,64,6.754490e-04,5.529835e-05,47,sphere
    64,0,Float,1 iteration,64,1.955463e-05,1.639920e-06,47,sphere
    64,0,Float,2 iterations,64,5.717582e-07,4.818061e-08,47,sphere
    64,0,Float,3 iterations,64,4.462073e-08,5.166038e-10,47,sphere
    64,0,Float,ring weights,64,4.234832e-05,1.120273e-06,47,sphere
    64,0,Float,order weights,64,1.862768e-07,4.507357e-10,47,sphere
    64,0,Float,least squares,64,5.970780e-08,1.255821e-10,47,sphere
    64,2,Double,grid weights,64,6.949147e-04,3.282712e-05,47,sphere
    64,2,Double,1 iteration,64,2.011857e-05,9.620787e-07,47,sphere
    64,2,Double,2 iterations,64,5.862006e-07,2.802929e-08,47,sphere
    64,2,Double,3 iterations,64,1.708033e-08,8.166076e-10,47,sphere
    64,2,Double,ring weights,64,4.239601e-05,8.623322e-07,47,sphere
    64,2,Double,order weights,64,2.527412e-13,4.462465e-15,47,sphere
    64,2,Double,least squares,64,5.804354e-16,4.181401e-18,47,sphere
    64,2,Float,grid weights,64,6.949141e-04,3.282713e-05,47,sphere
    64,2,Float,1 iteration,64,2.011851e-05,9.620712e-07,47,sphere
    64,2,Float,2 iterations,64,5.877331e-07,2.796535e-08,47,sphere
    64,2,Float,3 iterations,64,4.503259e-08,3.220571e-10,47,sphere
    64,2,Float,ring weights,64,4.239598e-05,8.623332e-07,47,sphere
    64,2,Float,order weights,64,1.897757e-07,3.027347e-10,47,sphere
    64,2,Float,least squares,64,5.931142e-08,7.292939e-11,47,sphere
    64,0,Double,grid weights,80,8.594711e-04,9.205190e-05,30,sphere
    64,0,Double,1 iteration,80,3.897618e-05,4.319421e-06,30,sphere
    64,0,Double,2 iterations,80,1.788160e-06,2.006341e-07,30,sphere
    64,0,Double,3 iterations,80,8.206472e-08,9.320943e-09,30,sphere
    64,0,Double,ring weights,80,1.198982e-04,3.911657e-06,30,sphere
    64,0,Double,order weights,80,7.692190e-13,3.209765e-14,30,sphere
    64,0,Double,least squares,80,7.274887e-16,3.726091e-17,30,sphere
    64,0,Float,grid weights,80,8.594706e-04,9.205194e-05,30,sphere
    64,0,Float,1 iteration,80,3.897613e-05,4.319345e-06,30,sphere
    64,0,Float,2 iterations,80,1.788787e-06,2.005444e-07,30,sphere
    64,0,Float,3 iterations,80,9.723407e-08,7.905156e-09,30,sphere
    64,0,Float,ring weights,80,1.198983e-04,3.911653e-06,30,sphere
    64,0,Float,order weights,80,1.918350e-07,3.357748e-10,30,sphere
    64,0,Float,least squares,80,7.049612e-08,6.588228e-10,30,sphere
    64,2,Double,grid weights,80,8.565133e-04,5.545727e-05,30,sphere
    64,2,Double,1 iteration,80,3.872212e-05,2.566284e-06,30,sphere
    64,2,Double,2 iterations,80,1.770907e-06,1.173464e-07,30,sphere
    64,2,Double,3 iterations,80,8.099182e-08,5.365720e-09,30,sphere
    64,2,Double,ring weights,80,1.204393e-04,3.603211e-06,30,sphere
    64,2,Double,order weights,80,4.755840e-11,8.785582e-13,30,sphere
    64,2,Double,least squares,80,9.402095e-16,3.168491e-17,30,sphere
    64,2,Float,grid weights,80,8.565130e-04,5.545733e-05,30,sphere
    64,2,Float,1 iteration,80,3.872216e-05,2.566281e-06,30,sphere
    64,2,Float,2 iterations,80,1.771786e-06,1.173147e-07,30,sphere
    64,2,Float,3 iterations,80,9.676789e-08,4.499659e-09,30,sphere
    64,2,Float,ring weights,80,1.204394e-04,3.603197e-06,30,sphere
    64,2,Float,order weights,80,4.218540e-07,1.623355e-08,30,sphere
    64,2,Float,least squares,80,6.817981e-08,9.495240e-11,30,sphere
    64,0,Double,grid weights,96,1.164083e-03,9.529155e-05,21,sphere
    64,0,Double,1 iteration,96,7.576188e-05,6.540939e-06,21,sphere
    64,0,Double,2 iterations,96,5.055233e-06,4.394032e-07,21,sphere
    64,0,Double,3 iterations,96,3.374631e-07,2.951883e-08,21,sphere
    64,0,Double,ring weights,96,2.855684e-04,1.028792e-05,21,sphere
    64,0,Double,order weights,96,1.070202e-10,5.987425e-12,21,sphere
    64,0,Double,least squares,96,6.535852e-16,1.224710e-17,21,sphere
    64,0,Float,grid weights,96,1.164082e-03,9.529164e-05,21,sphere
    64,0,Float,1 iteration,96,7.576183e-05,6.540956e-06,21,sphere
    64,0,Float,2 iterations,96,5.055721e-06,4.393836e-07,21,sphere
    64,0,Float,3 iterations,96,3.433847e-07,2.908026e-08,21,sphere
    64,0,Float,ring weights,96,2.855684e-04,1.028793e-05,21,sphere
    64,0,Float,order weights,96,2.610319e-07,9.474373e-09,21,sphere
    64,0,Float,least squares,96,1.415111e-07,4.972634e-09,21,sphere
    64,2,Double,grid weights,96,1.082489e-03,6.498976e-05,21,sphere
    64,2,Double,1 iteration,96,6.994739e-05,4.423209e-06,21,sphere
    64,2,Double,2 iterations,96,4.651419e-06,2.942472e-07,21,sphere
    64,2,Double,3 iterations,96,3.093912e-07,1.957147e-08,21,sphere
    64,2,Double,ring weights,96,2.803809e-04,9.650164e-06,21,sphere
    64,2,Double,order weights,96,6.535918e-09,2.364978e-10,21,sphere
    64,2,Double,least squares,96,8.752288e-16,8.165299e-18,21,sphere
    64,2,Float,grid weights,96,1.082489e-03,6.498978e-05,21,sphere
    64,2,Float,1 iteration,96,6.994762e-05,4.423189e-06,21,sphere
    64,2,Float,2 iterations,96,4.652000e-06,2.942409e-07,21,sphere
    64,2,Float,3 iterations,96,3.160573e-07,1.921987e-08,21,sphere
    64,2,Float,ring weights,96,2.803810e-04,9.650163e-06,21,sphere
    64,2,Float,order weights,96,6.958382e-06,4.100801e-07,21,sphere
    64,2,Float,least squares,96,1.303326e-07,3.040540e-09,21,sphere
    64,0,Double,grid weights,112,1.235017e-03,9.193324e-05,15,sphere
    64,0,Double,1 iteration,112,1.044605e-04,8.819725e-06,15,sphere
    64,0,Double,2 iterations,112,9.593687e-06,8.180633e-07,15,sphere
    64,0,Double,3 iterations,112,8.834246e-07,7.582818e-08,15,sphere
    64,0,Double,ring weights,112,5.957662e-04,3.410336e-05,15,sphere
    64,0,Double,order weights,112,2.965562e-08,2.805012e-09,15,sphere
    64,0,Double,least squares,112,6.164246e-16,1.214313e-17,15,sphere
    64,0,Float,grid weights,112,1.235016e-03,9.193318e-05,15,sphere
    64,0,Float,1 iteration,112,1.044605e-04,8.819695e-06,15,sphere
    64,0,Float,2 iterations,112,9.593958e-06,8.179930e-07,15,sphere
    64,0,Float,3 iterations,112,8.863188e-07,7.551915e-08,15,sphere
    64,0,Float,ring weights,112,5.957658e-04,3.410327e-05,15,sphere
    64,0,Float,order weights,112,5.153334e-06,6.095888e-07,15,sphere
    64,0,Float,least squares,112,1.806848e-07,4.714787e-08,15,sphere
    64,2,Double,grid weights,112,1.297298e-03,9.906317e-05,15,sphere
    64,2,Double,1 iteration,112,1.099924e-04,9.900097e-06,15,sphere
    64,2,Double,2 iterations,112,1.009554e-05,9.138240e-07,15,sphere
    64,2,Double,3 iterations,112,9.285055e-07,8.418342e-08,15,sphere
    64,2,Double,ring weights,112,6.022101e-04,2.688749e-05,15,sphere
    64,2,Double,order weights,112,1.263696e-05,2.826210e-07,15,sphere
    64,2,Double,least squares,112,8.568193e-16,8.400372e-18,15,sphere
    64,2,Float,grid weights,112,1.297297e-03,9.906322e-05,15,sphere
    64,2,Float,1 iteration,112,1.099923e-04,9.900065e-06,15,sphere
    64,2,Float,2 iterations,112,1.009564e-05,9.137768e-07,15,sphere
    64,2,Float,3 iterations,112,9.312887e-07,8.392280e-08,15,sphere
    64,2,Float,ring weights,112,6.022101e-04,2.688750e-05,15,sphere
    64,2,Float,order weights,112,1.866217e-04,1.400748e-05,15,sphere
    64,2,Float,least squares,112,1.933838e-07,5.216978e-08,15,sphere
    64,0,Double,grid weights,128,1.502742e-03,1.052065e-04,12,sphere
    64,0,Double,1 iteration,128,1.310360e-04,1.749737e-05,12,sphere
    64,0,Double,2 iterations,128,1.557199e-05,2.233267e-06,12,sphere
    64,0,Double,3 iterations,128,1.910844e-06,2.745881e-07,12,sphere
    64,0,Double,ring weights,128,1.389869e-03,7.786203e-05,12,sphere
    64,0,Double,order weights,128,4.579087e-04,4.168485e-05,12,sphere
    64,0,Double,least squares,128,6.375027e-16,4.697623e-17,12,sphere
    64,0,Float,grid weights,128,1.502742e-03,1.052066e-04,12,sphere
    64,0,Float,1 iteration,128,1.310362e-04,1.749735e-05,12,sphere
    64,0,Float,2 iterations,128,1.557224e-05,2.233183e-06,12,sphere
    64,0,Float,3 iterations,128,1.912697e-06,2.742554e-07,12,sphere
    64,0,Float,ring weights,128,1.389869e-03,7.786203e-05,12,sphere
    64,0,Float,order weights,128,5.111944e-04,4.246105e-05,12,sphere
    64,0,Float,least squares,128,1.189648e-07,2.882426e-09,12,sphere
    64,2,Double,grid weights,128,1.780251e-03,1.379946e-04,12,sphere
    64,2,Double,1 iteration,128,1.735927e-04,1.877127e-05,12,sphere
    64,2,Double,2 iterations,128,2.094060e-05,2.342474e-06,12,sphere
    64,2,Double,3 iterations,128,2.567572e-06,2.883796e-07,12,sphere
    64,2,Double,ring weights,128,1.395861e-03,6.103827e-05,12,sphere
    64,2,Double,order weights,128,3.697763e-03,2.956598e-04,12,sphere
    64,2,Double,least squares,128,8.520799e-16,7.796470e-18,12,sphere
    64,2,Float,grid weights,128,1.780251e-03,1.379947e-04,12,sphere
    64,2,Float,1 iteration,128,1.735928e-04,1.877132e-05,12,sphere
    64,2,Float,2 iterations,128,2.094058e-05,2.342385e-06,12,sphere
    64,2,Float,3 iterations,128,2.568772e-06,2.881656e-07,12,sphere
    64,2,Float,ring weights,128,1.395861e-03,6.103826e-05,12,sphere
    64,2,Float,order weights,128,3.803124e-03,3.005603e-04,12,sphere
    64,2,Float,least squares,128,1.187903e-07,1.962087e-09,12,sphere
    64,0,Double,grid weights,144,2.796041e-03,9.904966e-05,9,sphere
    64,0,Double,1 iteration,144,2.490097e-04,1.817069e-05,9,sphere
    64,0,Double,2 iterations,144,3.293761e-05,3.682279e-06,9,sphere
    64,0,Double,3 iterations,144,5.055206e-06,6.321517e-07,9,sphere
    64,0,Double,ring weights,144,2.898891e-03,1.309040e-04,9,sphere
    64,0,Double,least squares,144,8.230453e-16,1.507968e-17,9,sphere
    64,0,Float,grid weights,144,2.796041e-03,9.904969e-05,9,sphere
    64,0,Float,1 iteration,144,2.490095e-04,1.817076e-05,9,sphere
    64,0,Float,2 iterations,144,3.293767e-05,3.682247e-06,9,sphere
    64,0,Float,3 iterations,144,5.055965e-06,6.320967e-07,9,sphere
    64,0,Float,ring weights,144,2.898891e-03,1.309040e-04,9,sphere
    64,0,Float,least squares,144,2.087999e-07,7.228706e-08,9,sphere
    64,2,Double,grid weights,144,3.071978e-03,1.751589e-04,9,sphere
    64,2,Double,1 iteration,144,3.190705e-04,3.223621e-05,9,sphere
    64,2,Double,2 iterations,144,4.669321e-05,5.564689e-06,9,sphere
    64,2,Double,3 iterations,144,7.340935e-06,9.072499e-07,9,sphere
    64,2,Double,ring weights,144,2.941392e-03,1.350640e-04,9,sphere
    64,2,Double,least squares,144,1.039485e-15,1.281530e-17,9,sphere
    64,2,Float,grid weights,144,3.071978e-03,1.751588e-04,9,sphere
    64,2,Float,1 iteration,144,3.190704e-04,3.223620e-05,9,sphere
    64,2,Float,2 iterations,144,4.669324e-05,5.564633e-06,9,sphere
    64,2,Float,3 iterations,144,7.341631e-06,9.071743e-07,9,sphere
    64,2,Float,ring weights,144,2.941392e-03,1.350640e-04,9,sphere
    64,2,Float,least squares,144,1.147683e-07,4.759876e-10,9,sphere
    64,0,Double,grid weights,160,1.246146e-02,3.627744e-04,7,sphere
    64,0,Double,1 iteration,160,2.466718e-03,8.639726e-05,7,sphere
    64,0,Double,2 iterations,160,5.460058e-04,2.262243e-05,7,sphere
    64,0,Double,3 iterations,160,1.276217e-04,6.242444e-06,7,sphere
    64,0,Double,ring weights,160,1.251124e-02,3.279892e-04,7,sphere
    64,0,Double,least squares,160,9.718286e-16,1.828558e-17,7,sphere
    64,0,Float,grid weights,160,1.246146e-02,3.627744e-04,7,sphere
    64,0,Float,1 iteration,160,2.466718e-03,8.639734e-05,7,sphere
    64,0,Float,2 iterations,160,5.460059e-04,2.262234e-05,7,sphere
    64,0,Float,3 iterations,160,1.276220e-04,6.242475e-06,7,sphere
    64,0,Float,ring weights,160,1.251124e-02,3.279893e-04,7,sphere
    64,0,Float,least squares,160,1.648260e-07,1.954888e-09,7,sphere
    64,2,Double,grid weights,160,1.265442e-02,1.709364e-04,7,sphere
    64,2,Double,1 iteration,160,2.518581e-03,5.184786e-05,7,sphere
    64,2,Double,2 iterations,160,5.638660e-04,1.588795e-05,7,sphere
    64,2,Double,3 iterations,160,1.336237e-04,4.694481e-06,7,sphere
    64,2,Double,ring weights,160,1.267919e-02,1.684627e-04,7,sphere
    64,2,Double,least squares,160,1.144290e-15,1.707003e-17,7,sphere
    64,2,Float,grid weights,160,1.265442e-02,1.709363e-04,7,sphere
    64,2,Float,1 iteration,160,2.518581e-03,5.184795e-05,7,sphere
    64,2,Float,2 iterations,160,5.638663e-04,1.588807e-05,7,sphere
    64,2,Float,3 iterations,160,1.336239e-04,4.694402e-06,7,sphere
    64,2,Float,ring weights,160,1.267919e-02,1.684626e-04,7,sphere
    64,2,Float,least squares,160,1.677391e-07,5.004439e-10,7,sphere
    64,0,Double,grid weights,176,7.202132e-02,8.221164e-04,6,sphere
    64,0,Double,1 iteration,176,5.759611e-02,6.876861e-04,6,sphere
    64,0,Double,2 iterations,176,5.075322e-02,6.099186e-04,6,sphere
    64,0,Double,3 iterations,176,4.640832e-02,5.895814e-04,6,sphere
    64,0,Double,ring weights,176,7.204184e-02,8.248142e-04,6,sphere
    64,0,Double,least squares,176,1.068713e-14,2.095725e-15,6,sphere
    64,0,Float,grid weights,176,7.202132e-02,8.221166e-04,6,sphere
    64,0,Float,1 iteration,176,5.759611e-02,6.876864e-04,6,sphere
    64,0,Float,2 iterations,176,5.075322e-02,6.099189e-04,6,sphere
    64,0,Float,3 iterations,176,4.640831e-02,5.895819e-04,6,sphere
    64,0,Float,ring weights,176,7.204184e-02,8.248144e-04,6,sphere
    64,0,Float,least squares,176,5.932642e-06,2.357783e-07,6,sphere
    64,2,Double,grid weights,176,7.473034e-02,5.208103e-04,6,sphere
    64,2,Double,1 iteration,176,6.041084e-02,6.417670e-04,6,sphere
    64,2,Double,2 iterations,176,5.351397e-02,7.408381e-04,6,sphere
    64,2,Double,3 iterations,176,4.908114e-02,7.911066e-04,6,sphere
    64,2,Double,ring weights,176,7.474404e-02,5.225758e-04,6,sphere
    64,2,Double,least squares,176,1.055799e-14,1.038092e-15,6,sphere
    64,2,Float,grid weights,176,7.473034e-02,5.208102e-04,6,sphere
    64,2,Float,1 iteration,176,6.041084e-02,6.417670e-04,6,sphere
    64,2,Float,2 iterations,176,5.351397e-02,7.408381e-04,6,sphere
    64,2,Float,3 iterations,176,4.908114e-02,7.911066e-04,6,sphere
    64,2,Float,ring weights,176,7.474404e-02,5.225756e-04,6,sphere
    64,2,Float,least squares,176,5.648017e-06,7.787640e-07,6,sphere
    64,0,Double,grid weights,191,1.435161e-01,1.452976e-03,5,sphere
    64,0,Double,1 iteration,191,1.318502e-01,1.460056e-03,5,sphere
    64,0,Double,2 iterations,191,1.261531e-01,1.484189e-03,5,sphere
    64,0,Double,3 iterations,191,1.224733e-01,1.496019e-03,5,sphere
    64,0,Double,ring weights,191,1.435330e-01,1.458197e-03,5,sphere
    64,0,Float,grid weights,191,1.435161e-01,1.452975e-03,5,sphere
    64,0,Float,1 iteration,191,1.318502e-01,1.460056e-03,5,sphere
    64,0,Float,2 iterations,191,1.261531e-01,1.484189e-03,5,sphere
    64,0,Float,3 iterations,191,1.224733e-01,1.496019e-03,5,sphere
    64,0,Float,ring weights,191,1.435330e-01,1.458196e-03,5,sphere
    64,2,Double,grid weights,191,1.465385e-01,9.629698e-04,5,sphere
    64,2,Double,1 iteration,191,1.351156e-01,9.526158e-04,5,sphere
    64,2,Double,2 iterations,191,1.294790e-01,9.297567e-04,5,sphere
    64,2,Double,3 iterations,191,1.258016e-01,9.012145e-04,5,sphere
    64,2,Double,ring weights,191,1.465554e-01,9.607683e-04,5,sphere
    64,2,Float,grid weights,191,1.465385e-01,9.629698e-04,5,sphere
    64,2,Float,1 iteration,191,1.351156e-01,9.526156e-04,5,sphere
    64,2,Float,2 iterations,191,1.294790e-01,9.297564e-04,5,sphere
    64,2,Float,3 iterations,191,1.258016e-01,9.012142e-04,5,sphere
    64,2,Float,ring weights,191,1.465554e-01,9.607684e-04,5,sphere
    128,0,Double,grid weights,64,1.660851e-04,1.359866e-05,47,sphere
    128,0,Double,1 iteration,64,1.188098e-06,9.932522e-08,47,sphere
    128,0,Double,2 iterations,64,8.546735e-09,7.225959e-10,47,sphere
    128,0,Double,3 iterations,64,6.151140e-11,5.261804e-12,47,sphere
    128,0,Double,ring weights,64,7.069938e-07,1.863856e-08,47,sphere
    128,0,Double,order weights,64,5.489280e-15,5.248987e-17,47,sphere
    128,0,Double,least squares,64,3.679912e-16,3.138996e-18,47,sphere
    128,0,Float,grid weights,64,1.660842e-04,1.359874e-05,47,sphere
    128,0,Float,1 iteration,64,1.188426e-06,9.928552e-08,47,sphere
    128,0,Float,2 iterations,64,1.963020e-08,3.329358e-10,47,sphere
    128,0,Float,3 iterations,64,1.489180e-08,6.314469e-11,47,sphere
    128,0,Float,ring weights,64,7.100109e-07,1.855910e-08,47,sphere
    128,0,Float,order weights,64,2.528666e-07,6.054246e-10,47,sphere
    128,0,Float,least squares,64,1.267205e-07,8.198961e-10,47,sphere
    128,2,Double,grid weights,64,1.711411e-04,8.136649e-06,47,sphere
    128,2,Double,1 iteration,64,1.224157e-06,5.874549e-08,47,sphere
    128,2,Double,2 iterations,64,8.798416e-09,4.222205e-10,47,sphere
    128,2,Double,3 iterations,64,6.323715e-11,3.034617e-12,47,sphere
    128,2,Double,ring weights,64,7.078916e-07,1.435060e-08,47,sphere
    128,2,Double,order weights,64,5.323549e-15,3.136768e-17,47,sphere
    128,2,Double,least squares,64,6.280403e-16,1.921019e-17,47,sphere
    128,2,Float,grid weights,64,1.711404e-04,8.136692e-06,47,sphere
    128,2,Float,1 iteration,64,1.224410e-06,5.873664e-08,47,sphere
    128,2,Float,2 iterations,64,2.020622e-08,2.099042e-10,47,sphere
    128,2,Float,3 iterations,64,1.509590e-08,5.148898e-11,47,sphere
    128,2,Float,ring weights,64,7.111610e-07,1.427847e-08,47,sphere
    128,2,Float,order weights,64,2.538354e-07,3.882784e-10,47,sphere
    128,2,Float,least squares,64,1.259436e-07,6.564884e-10,47,sphere
    128,0,Double,grid weights,96,2.748541e-04,2.278826e-05,21,sphere
    128,0,Double,1 iteration,96,4.425797e-06,3.712990e-07,21,sphere
    128,0,Double,2 iterations,96,7.148654e-08,6.033925e-09,21,sphere
    128,0,Double,3 iterations,96,1.154899e-09,9.808148e-11,21,sphere
    128,0,Double,ring weights,96,5.123272e-06,1.728085e-07,21,sphere
    128,0,Double,order weights,96,4.768646e-15,4.872068e-17,21,sphere
    128,0,Double,least squares,96,4.386009e-16,4.597912e-18,21,sphere
    128,0,Float,grid weights,96,2.748534e-04,2.278829e-05,21,sphere
    128,0,Float,1 iteration,96,4.425919e-06,3.712303e-07,21,sphere
    128,0,Float,2 iterations,96,7.852311e-08,5.448575e-09,21,sphere
    128,0,Float,3 iterations,96,3.114632e-08,1.024214e-10,21,sphere
    128,0,Float,ring weights,96,5.123846e-06,1.728106e-07,21,sphere
    128,0,Float,order weights,96,2.555084e-07,6.758813e-10,21,sphere
    128,0,Float,least squares,96,3.456043e-07,3.880247e-09,21,sphere
    128,2,Double,grid weights,96,2.560633e-04,1.629166e-05,21,sphere
    128,2,Double,1 iteration,96,4.108779e-06,2.631511e-07,21,sphere
    128,2,Double,2 iterations,96,6.615584e-08,4.236988e-09,21,sphere
    128,2,Double,3 iterations,96,1.065182e-09,6.821959e-11,21,sphere
    128,2,Double,ring weights,96,4.968491e-06,1.775582e-07,21,sphere
    128,2,Double,order weights,96,1.099447e-14,4.282445e-16,21,sphere
    128,2,Double,least squares,96,6.976072e-16,7.751075e-18,21,sphere
    128,2,Float,grid weights,96,2.560626e-04,1.629171e-05,21,sphere
    128,2,Float,1 iteration,96,4.108951e-06,2.631398e-07,21,sphere
    128,2,Float,2 iterations,96,7.407397e-08,3.806744e-09,21,sphere
    128,2,Float,3 iterations,96,3.130167e-08,5.708039e-11,21,sphere
    128,2,Float,ring weights,96,4.968965e-06,1.775473e-07,21,sphere
    128,2,Float,order weights,96,2.589080e-07,4.202145e-10,21,sphere
    128,2,Float,least squares,96,3.459109e-07,2.240239e-09,21,sphere
    128,0,Double,grid weights,128,2.437771e-04,3.344544e-05,12,sphere
    128,0,Double,1 iteration,128,6.957771e-06,9.664272e-07,12,sphere
    128,0,Double,2 iterations,128,2.001513e-07,2.770805e-08,12,sphere
    128,0,Double,3 iterations,128,5.758352e-09,7.946516e-10,12,sphere
    128,0,Double,ring weights,128,2.057012e-05,1.591043e-06,12,sphere
    128,0,Double,order weights,128,4.046467e-14,2.057245e-15,12,sphere
    128,0,Double,least squares,128,5.160976e-16,7.249009e-18,12,sphere
    128,0,Float,grid weights,128,2.437762e-04,3.344557e-05,12,sphere
    128,0,Float,1 iteration,128,6.957813e-06,9.663550e-07,12,sphere
    128,0,Float,2 iterations,128,2.053023e-07,2.701410e-08,12,sphere
    128,0,Float,3 iterations,128,4.527250e-08,1.174289e-10,12,sphere
    128,0,Float,ring weights,128,2.057018e-05,1.591011e-06,12,sphere
    128,0,Float,order weights,128,2.592793e-07,6.114648e-10,12,sphere
    128,0,Float,least squares,128,6.168331e-08,1.134665e-10,12,sphere
    128,2,Double,grid weights,128,3.219593e-04,3.601773e-05,12,sphere
    128,2,Double,1 iteration,128,9.199149e-06,1.037648e-06,12,sphere
    128,2,Double,2 iterations,128,2.640517e-07,2.978801e-08,12,sphere
    128,2,Double,3 iterations,128,7.579326e-09,8.551312e-10,12,sphere
    128,2,Double,ring weights,128,2.147512e-05,1.240117e-06,12,sphere
    128,2,Double,order weights,128,2.925871e-13,1.079612e-14,12,sphere
    128,2,Double,least squares,128,7.979564e-16,7.922140e-18,12,sphere
    128,2,Float,grid weights,128,3.219587e-04,3.601783e-05,12,sphere
    128,2,Float,1 iteration,128,9.199431e-06,1.037681e-06,12,sphere
    128,2,Float,2 iterations,128,2.680898e-07,2.933708e-08,12,sphere
    128,2,Float,3 iterations,128,4.579715e-08,1.735815e-10,12,sphere
    128,2,Float,ring weights,128,2.147520e-05,1.240105e-06,12,sphere
    128,2,Float,order weights,128,2.619785e-07,3.209451e-10,12,sphere
    128,2,Float,least squares,128,6.164011e-08,6.302135e-11,12,sphere
    128,0,Double,grid weights,160,3.604876e-04,4.582377e-05,7,sphere
    128,0,Double,1 iteration,160,1.609001e-05,2.117731e-06,7,sphere
    128,0,Double,2 iterations,160,7.273054e-07,9.623395e-08,7,sphere
    128,0,Double,3 iterations,160,3.287949e-08,4.374574e-09,7,sphere
    128,0,Double,ring weights,160,5.829114e-05,4.753944e-06,7,sphere
    128,0,Double,least squares,160,6.637857e-16,1.871238e-17,7,sphere
    128,0,Float,grid weights,160,3.604870e-04,4.582383e-05,7,sphere
    128,0,Float,1 iteration,160,1.609016e-05,2.117697e-06,7,sphere
    128,0,Float,2 iterations,160,7.294955e-07,9.593829e-08,7,sphere
    128,0,Float,3 iterations,160,6.506042e-08,2.213576e-09,7,sphere
    128,0,Float,ring weights,160,5.829113e-05,4.754026e-06,7,sphere
    128,0,Float,least squares,160,7.081453e-08,1.004683e-10,7,sphere
    128,2,Double,grid weights,160,3.712075e-04,5.266731e-05,7,sphere
    128,2,Double,1 iteration,160,1.656920e-05,2.410994e-06,7,sphere
    128,2,Double,2 iterations,160,7.485057e-07,1.089702e-07,7,sphere
    128,2,Double,3 iterations,160,3.381422e-08,4.924959e-09,7,sphere
    128,2,Double,ring weights,160,5.918793e-05,3.134044e-06,7,sphere
    128,2,Double,least squares,160,9.750368e-16,1.651285e-17,7,sphere
    128,2,Float,grid weights,160,3.712071e-04,5.266748e-05,7,sphere
    128,2,Float,1 iteration,160,1.656931e-05,2.410978e-06,7,sphere
    128,2,Float,2 iterations,160,7.507893e-07,1.087049e-07,7,sphere
    128,2,Float,3 iterations,160,6.593720e-08,2.542658e-09,7,sphere
    128,2,Float,ring weights,160,5.918814e-05,3.134045e-06,7,sphere
    128,2,Float,least squares,160,7.091710e-08,5.391837e-11,7,sphere
    128,0,Double,grid weights,192,5.393893e-04,8.300725e-05,5,sphere
    128,0,Double,1 iteration,192,3.482016e-05,5.605863e-06,5,sphere
    128,0,Double,2 iterations,192,2.294858e-06,3.732135e-07,5,sphere
    128,0,Double,3 iterations,192,1.512848e-07,2.484348e-08,5,sphere
    128,0,Double,ring weights,192,1.200833e-04,1.376254e-05,5,sphere
    128,0,Double,least squares,192,6.795629e-16,1.308964e-17,5,sphere
    128,0,Float,grid weights,192,5.393891e-04,8.300733e-05,5,sphere
    128,0,Float,1 iteration,192,3.482010e-05,5.605858e-06,5,sphere
    128,0,Float,2 iterations,192,2.295842e-06,3.730567e-07,5,sphere
    128,0,Float,3 iterations,192,1.655401e-07,2.273132e-08,5,sphere
    128,0,Float,ring weights,192,1.200835e-04,1.376260e-05,5,sphere
    128,0,Float,least squares,192,9.371101e-08,2.934545e-09,5,sphere
    128,2,Double,grid weights,192,4.225323e-04,5.368519e-05,5,sphere
    128,2,Double,1 iteration,192,2.649258e-05,3.630633e-06,5,sphere
    128,2,Double,2 iterations,192,1.742515e-06,2.389154e-07,5,sphere
    128,2,Double,3 iterations,192,1.146608e-07,1.571582e-08,5,sphere
    128,2,Double,ring weights,192,1.468172e-04,1.043537e-05,5,sphere
    128,2,Double,least squares,192,1.021611e-15,8.946626e-18,5,sphere
    128,2,Float,grid weights,192,4.225318e-04,5.368516e-05,5,sphere
    128,2,Float,1 iteration,192,2.649281e-05,3.630626e-06,5,sphere
    128,2,Float,2 iterations,192,1.743960e-06,2.387463e-07,5,sphere
    128,2,Float,3 iterations,192,1.330596e-07,1.355092e-08,5,sphere
    128,2,Float,ring weights,192,1.468171e-04,1.043543e-05,5,sphere
    128,2,Float,least squares,192,9.663926e-08,2.190067e-09,5,sphere
    128,0,Double,grid weights,224,5.950865e-04,1.162048e-04,3,sphere
    128,0,Double,1 iteration,224,4.793054e-05,1.226406e-05,3,sphere
    128,0,Double,2 iterations,224,4.351747e-06,1.128114e-06,3,sphere
    128,0,Double,3 iterations,224,3.967686e-07,1.033758e-07,3,sphere
    128,0,Double,ring weights,224,3.573626e-04,4.016877e-05,3,sphere
    128,0,Double,least squares,224,7.377843e-16,1.037961e-17,3,sphere
    128,0,Float,grid weights,224,5.950861e-04,1.162050e-04,3,sphere
    128,0,Float,1 iteration,224,4.793055e-05,1.226409e-05,3,sphere
    128,0,Float,2 iterations,224,4.352398e-06,1.127987e-06,3,sphere
    128,0,Float,3 iterations,224,4.043528e-07,1.014820e-07,3,sphere
    128,0,Float,ring weights,224,3.573625e-04,4.016859e-05,3,sphere
    128,0,Float,least squares,224,4.211228e-07,4.564249e-08,3,sphere
    128,2,Double,grid weights,224,6.468042e-04,4.262248e-05,3,sphere
    128,2,Double,1 iteration,224,5.453955e-05,2.980237e-06,3,sphere
    128,2,Double,2 iterations,224,4.959537e-06,2.693785e-07,3,sphere
    128,2,Double,3 iterations,224,4.518131e-07,2.447862e-08,3,sphere
    128,2,Double,ring weights,224,2.921352e-04,3.164319e-05,3,sphere
    128,2,Double,least squares,224,1.094606e-15,1.297353e-17,3,sphere
    128,2,Float,grid weights,224,6.468038e-04,4.262261e-05,3,sphere
    128,2,Float,1 iteration,224,5.453935e-05,2.980297e-06,3,sphere
    128,2,Float,2 iterations,224,4.960046e-06,2.692150e-07,3,sphere
    128,2,Float,3 iterations,224,4.587156e-07,2.418701e-08,3,sphere
    128,2,Float,ring weights,224,2.921351e-04,3.164321e-05,3,sphere
    128,2,Float,least squares,224,3.263122e-07,5.224266e-08,3,sphere
    128,0,Double,grid weights,256,8.091593e-04,1.294902e-04,3,sphere
    128,0,Double,1 iteration,256,7.592315e-05,2.284624e-05,3,sphere
    128,0,Double,2 iterations,256,9.037215e-06,2.889359e-06,3,sphere
    128,0,Double,3 iterations,256,1.099016e-06,3.543476e-07,3,sphere
    128,0,Double,ring weights,256,7.126294e-04,1.232560e-04,3,sphere
    128,0,Double,least squares,256,9.088791e-16,2.000856e-17,3,sphere
    128,0,Float,grid weights,256,8.091590e-04,1.294902e-04,3,sphere
    128,0,Float,1 iteration,256,7.592337e-05,2.284624e-05,3,sphere
    128,0,Float,2 iterations,256,9.037774e-06,2.889111e-06,3,sphere
    128,0,Float,3 iterations,256,1.102782e-06,3.530767e-07,3,sphere
    128,0,Float,ring weights,256,7.126294e-04,1.232560e-04,3,sphere
    128,0,Float,least squares,256,1.072098e-07,8.651892e-10,3,sphere
    128,2,Double,grid weights,256,8.120582e-04,9.397310e-05,3,sphere
    128,2,Double,1 iteration,256,7.653843e-05,1.373054e-05,3,sphere
    128,2,Double,2 iterations,256,9.119908e-06,1.714486e-06,3,sphere
    128,2,Double,3 iterations,256,1.108995e-06,2.093720e-07,3,sphere
    128,2,Double,ring weights,256,6.212198e-04,2.117354e-05,3,sphere
    128,2,Double,least squares,256,1.261536e-15,1.840625e-17,3,sphere
    128,2,Float,grid weights,256,8.120578e-04,9.397311e-05,3,sphere
    128,2,Float,1 iteration,256,7.653860e-05,1.373055e-05,3,sphere
    128,2,Float,2 iterations,256,9.120225e-06,1.714283e-06,3,sphere
    128,2,Float,3 iterations,256,1.112654e-06,2.084908e-07,3,sphere
    128,2,Float,ring weights,256,6.212195e-04,2.117357e-05,3,sphere
    128,2,Float,least squares,256,1.078212e-07,9.445603e-10,3,sphere
    128,0,Double,grid weights,288,1.563310e-03,2.842389e-04,2,sphere
    128,0,Double,1 iteration,288,1.773369e-04,6.822556e-05,2,sphere
    128,0,Double,2 iterations,288,2.649134e-05,1.183048e-05,2,sphere
    128,0,Double,3 iterations,288,4.170952e-06,1.921747e-06,2,sphere
    128,0,Double,ring weights,288,1.457090e-03,5.144901e-05,2,sphere
    128,0,Double,least squares,288,8.615474e-16,5.017210e-18,2,sphere
    128,0,Float,grid weights,288,1.563310e-03,2.842390e-04,2,sphere
    128,0,Float,1 iteration,288,1.773369e-04,6.822548e-05,2,sphere
    128,0,Float,2 iterations,288,2.649132e-05,1.183029e-05,2,sphere
    128,0,Float,3 iterations,288,4.171863e-06,1.920935e-06,2,sphere
    128,0,Float,ring weights,288,1.457090e-03,5.144899e-05,2,sphere
    128,0,Float,least squares,288,4.281455e-07,3.976743e-08,2,sphere
    128,2,Double,grid weights,288,1.424776e-03,2.393564e-05,2,sphere
    128,2,Double,1 iteration,288,1.350261e-04,1.128260e-05,2,sphere
    128,2,Double,2 iterations,288,1.851158e-05,1.606177e-06,2,sphere
    128,2,Double,3 iterations,288,2.870830e-06,2.576963e-07,2,sphere
    128,2,Double,ring weights,288,1.411994e-03,8.026471e-05,2,sphere
    128,2,Double,least squares,288,1.276252e-15,4.030551e-18,2,sphere
    128,2,Float,grid weights,288,1.424776e-03,2.393554e-05,2,sphere
    128,2,Float,1 iteration,288,1.350262e-04,1.128260e-05,2,sphere
    128,2,Float,2 iterations,288,1.851171e-05,1.606172e-06,2,sphere
    128,2,Float,3 iterations,288,2.872625e-06,2.574526e-07,2,sphere
    128,2,Float,ring weights,288,1.411993e-03,8.026469e-05,2,sphere
    128,2,Float,least squares,288,4.340564e-07,2.194325e-08,2,sphere
    128,0,Double,grid weights,320,8.516501e-03,2.237029e-04,2,sphere
    128,0,Double,1 iteration,320,1.891101e-03,1.220952e-04,2,sphere
    128,0,Double,2 iterations,320,4.763792e-04,4.435057e-05,2,sphere
    128,0,Double,3 iterations,320,1.276714e-04,1.417174e-05,2,sphere
    128,0,Double,ring weights,320,8.533666e-03,1.862461e-04,2,sphere
    128,0,Double,least squares,320,9.227110e-16,3.839303e-18,2,sphere
    128,0,Float,grid weights,320,8.516501e-03,2.237031e-04,2,sphere
    128,0,Float,1 iteration,320,1.891101e-03,1.220950e-04,2,sphere
    128,0,Float,2 iterations,320,4.763792e-04,4.435102e-05,2,sphere
    128,0,Float,3 iterations,320,1.276715e-04,1.417198e-05,2,sphere
    128,0,Float,ring weights,320,8.533666e-03,1.862462e-04,2,sphere
    128,0,Float,least squares,320,2.220853e-07,4.511213e-10,2,sphere
    128,2,Double,grid weights,320,8.594644e-03,2.637537e-04,2,sphere
    128,2,Double,1 iteration,320,1.953603e-03,1.026875e-04,2,sphere
    128,2,Double,2 iterations,320,4.989142e-04,2.954804e-05,2,sphere
    128,2,Double,3 iterations,320,1.348892e-04,7.657723e-06,2,sphere
    128,2,Double,ring weights,320,8.601214e-03,2.816964e-04,2,sphere
    128,2,Double,least squares,320,1.346095e-15,4.747125e-18,2,sphere
    128,2,Float,grid weights,320,8.594644e-03,2.637536e-04,2,sphere
    128,2,Float,1 iteration,320,1.953603e-03,1.026875e-04,2,sphere
    128,2,Float,2 iterations,320,4.989145e-04,2.954788e-05,2,sphere
    128,2,Float,3 iterations,320,1.348894e-04,7.657830e-06,2,sphere
    128,2,Float,ring weights,320,8.601214e-03,2.816964e-04,2,sphere
    128,2,Float,least squares,320,2.286228e-07,2.851634e-09,2,sphere
    128,0,Double,grid weights,352,7.276596e-02,3.293407e-04,2,sphere
    128,0,Double,1 iteration,352,6.435656e-02,2.238101e-04,2,sphere
    128,0,Double,2 iterations,352,6.027327e-02,2.865577e-04,2,sphere
    128,0,Double,3 iterations,352,5.768731e-02,3.995226e-04,2,sphere
    128,0,Double,ring weights,352,7.277477e-02,3.276581e-04,2,sphere
    128,0,Float,grid weights,352,7.276596e-02,3.293410e-04,2,sphere
    128,0,Float,1 iteration,352,6.435656e-02,2.238103e-04,2,sphere
    128,0,Float,2 iterations,352,6.027327e-02,2.865579e-04,2,sphere
    128,0,Float,3 iterations,352,5.768730e-02,3.995226e-04,2,sphere
    128,0,Float,ring weights,352,7.277477e-02,3.276585e-04,2,sphere
    128,0,Float,least squares,352,8.391260e-04,2.285409e-05,2,sphere
    128,2,Double,grid weights,352,7.330968e-02,3.047666e-04,2,sphere
    128,2,Double,1 iteration,352,6.505811e-02,2.989170e-04,2,sphere
    128,2,Double,2 iterations,352,6.100346e-02,3.428708e-04,2,sphere
    128,2,Double,3 iterations,352,5.838286e-02,4.112739e-04,2,sphere
    128,2,Double,ring weights,352,7.331424e-02,3.060663e-04,2,sphere
    128,2,Float,grid weights,352,7.330968e-02,3.047666e-04,2,sphere
    128,2,Float,1 iteration,352,6.505811e-02,2.989172e-04,2,sphere
    128,2,Float,2 iterations,352,6.100346e-02,3.428707e-04,2,sphere
    128,2,Float,3 iterations,352,5.838286e-02,4.112740e-04,2,sphere
    128,2,Float,ring weights,352,7.331424e-02,3.060663e-04,2,sphere
    128,2,Float,least squares,352,1.315748e-03,3.133899e-04,2,sphere
    128,0,Double,grid weights,383,1.475672e-01,3.222074e-04,2,sphere
    128,0,Double,1 iteration,383,1.411906e-01,2.571888e-04,2,sphere
    128,0,Double,2 iterations,383,1.380021e-01,2.613763e-04,2,sphere
    128,0,Double,3 iterations,383,1.359074e-01,2.898556e-04,2,sphere
    128,0,Double,ring weights,383,1.475751e-01,3.191351e-04,2,sphere
    128,0,Float,grid weights,383,1.475672e-01,3.222082e-04,2,sphere
    128,0,Float,1 iteration,383,1.411906e-01,2.571903e-04,2,sphere
    128,0,Float,2 iterations,383,1.380021e-01,2.613776e-04,2,sphere
    128,0,Float,3 iterations,383,1.359074e-01,2.898568e-04,2,sphere
    128,0,Float,ring weights,383,1.475751e-01,3.191359e-04,2,sphere
    128,2,Double,grid weights,383,1.477877e-01,6.071428e-05,2,sphere
    128,2,Double,1 iteration,383,1.414298e-01,6.471981e-05,2,sphere
    128,2,Double,2 iterations,383,1.382661e-01,7.672847e-05,2,sphere
    128,2,Double,3 iterations,383,1.361928e-01,9.597572e-05,2,sphere
    128,2,Double,ring weights,383,1.477895e-01,6.125015e-05,2,sphere
    128,2,Float,grid weights,383,1.477877e-01,6.071472e-05,2,sphere
    128,2,Float,1 iteration,383,1.414297e-01,6.471999e-05,2,sphere
    128,2,Float,2 iterations,383,1.382661e-01,7.672873e-05,2,sphere
    128,2,Float,3 iterations,383,1.361928e-01,9.597613e-05,2,sphere
    128,2,Float,ring weights,383,1.477895e-01,6.125055e-05,2,sphere
    256,0,Double,grid weights,128,6.010042e-05,8.256114e-06,12,sphere
    256,0,Double,1 iteration,128,4.245238e-07,5.866059e-08,12,sphere
    256,0,Double,2 iterations,128,3.012923e-09,4.150113e-10,12,sphere
    256,0,Double,3 iterations,128,2.138568e-11,2.937001e-12,12,sphere
    256,0,Double,ring weights,128,3.427540e-07,2.644866e-08,12,sphere
    256,0,Double,least squares,128,4.918421e-16,5.577942e-18,12,sphere
    256,0,Float,grid weights,128,6.009971e-05,8.256171e-06,12,sphere
    256,0,Float,1 iteration,128,4.253128e-07,5.853433e-08,12,sphere
    256,0,Float,2 iterations,128,1.891183e-08,9.945907e-11,12,sphere
    256,0,Float,3 iterations,128,1.675898e-08,7.802510e-11,12,sphere
    256,0,Float,ring weights,128,3.497330e-07,2.589057e-08,12,sphere
    256,0,Float,least squares,128,5.806096e-08,3.552570e-10,12,sphere
    256,2,Double,grid weights,128,7.924428e-05,8.884082e-06,12,sphere
    256,2,Double,1 iteration,128,5.596317e-07,6.308305e-08,12,sphere
    256,2,Double,2 iterations,128,3.963188e-09,4.467438e-10,12,sphere
    256,2,Double,3 iterations,128,2.806642e-11,3.163766e-12,12,sphere
    256,2,Double,ring weights,128,3.586748e-07,2.062319e-08,12,sphere
    256,2,Double,least squares,128,8.299284e-16,1.840790e-17,12,sphere
    256,2,Float,grid weights,128,7.924392e-05,8.884162e-06,12,sphere
    256,2,Float,1 iteration,128,5.602561e-07,6.304400e-08,12,sphere
    256,2,Float,2 iterations,128,1.923539e-08,1.635294e-10,12,sphere
    256,2,Float,3 iterations,128,1.685048e-08,6.622088e-11,12,sphere
    256,2,Float,ring weights,128,3.653937e-07,2.021278e-08,12,sphere
    256,2,Float,least squares,128,5.841879e-08,2.478702e-10,12,sphere
    256,0,Double,grid weights,256,1.414714e-04,4.220478e-05,3,sphere
    256,0,Double,1 iteration,256,4.017749e-06,1.213498e-06,3,sphere
    256,0,Double,2 iterations,256,1.145689e-07,3.471363e-08,3,sphere
    256,0,Double,3 iterations,256,3.267110e-09,9.930471e-10,3,sphere
    256,0,Double,ring weights,256,1.024901e-05,1.686389e-06,3,sphere
    256,0,Double,least squares,256,7.116249e-16,8.324645e-18,3,sphere
    256,0,Float,grid weights,256,1.414712e-04,4.220478e-05,3,sphere
    256,0,Float,1 iteration,256,4.017956e-06,1.213263e-06,3,sphere
    256,0,Float,2 iterations,256,1.245463e-07,3.186824e-08,3,sphere
    256,0,Float,3 iterations,256,4.847316e-08,4.761875e-11,3,sphere
    256,0,Float,ring weights,256,1.024929e-05,1.686229e-06,3,sphere
    256,0,Float,least squares,256,3.725323e-07,3.693438e-08,3,sphere
    256,2,Double,grid weights,256,1.405671e-04,2.565065e-05,3,sphere
    256,2,Double,1 iteration,256,3.990210e-06,7.325939e-07,3,sphere
    256,2,Double,2 iterations,256,1.136557e-07,2.086948e-08,3,sphere
    256,2,Double,3 iterations,256,3.237331e-09,5.945105e-10,3,sphere
    256,2,Double,ring weights,256,9.233291e-06,5.715256e-07,3,sphere
    256,2,Double,least squares,256,1.138233e-15,6.071077e-18,3,sphere
    256,2,Float,grid weights,256,1.405669e-04,2.565070e-05,3,sphere
    256,2,Float,1 iteration,256,3.990541e-06,7.325689e-07,3,sphere
    256,2,Float,2 iterations,256,1.240393e-07,1.916201e-08,3,sphere
    256,2,Float,3 iterations,256,4.877512e-08,1.213795e-10,3,sphere
    256,2,Float,ring weights,256,9.233647e-06,5.715257e-07,3,sphere
    256,2,Float,least squares,256,3.441247e-07,8.367328e-09,3,sphere
    256,0,Double,grid weights,384,2.840937e-04,8.135389e-05,2,sphere
    256,0,Double,1 iteration,384,1.811780e-05,5.439159e-06,2,sphere
    256,0,Double,2 iterations,384,1.184967e-06,3.542565e-07,2,sphere
    256,0,Double,3 iterations,384,7.752236e-08,2.306651e-08,2,sphere
    256,0,Double,ring weights,384,7.081461e-05,1.650998e-06,2,sphere
    256,0,Double,least squares,384,9.055931e-16,1.156129e-17,2,sphere
    256,0,Float,grid weights,384,2.840936e-04,8.135377e-05,2,sphere
    256,0,Float,1 iteration,384,1.811808e-05,5.439236e-06,2,sphere
    256,0,Float,2 iterations,384,1.187192e-06,3.535117e-07,2,sphere
    256,0,Float,3 iterations,384,1.056353e-07,1.714343e-08,2,sphere
    256,0,Float,ring weights,384,7.081469e-05,1.650902e-06,2,sphere
    256,0,Float,least squares,384,8.837303e-08,5.600487e-10,2,sphere
    256,2,Double,grid weights,384,1.924119e-04,1.512383e-05,2,sphere
    256,2,Double,1 iteration,384,1.205159e-05,1.112455e-06,2,sphere
    256,2,Double,2 iterations,384,7.888294e-07,7.285844e-08,2,sphere
    256,2,Double,3 iterations,384,5.165595e-08,4.770017e-09,2,sphere
    256,2,Double,ring weights,384,6.373291e-05,4.068200e-06,2,sphere
    256,2,Double,least squares,384,1.406944e-15,7.245379e-18,2,sphere
    256,2,Float,grid weights,384,1.924118e-04,1.512380e-05,2,sphere
    256,2,Float,1 iteration,384,1.205186e-05,1.112357e-06,2,sphere
    256,2,Float,2 iterations,384,7.922055e-07,7.256448e-08,2,sphere
    256,2,Float,3 iterations,384,8.826004e-08,2.849513e-09,2,sphere
    256,2,Float,ring weights,384,6.373297e-05,4.068150e-06,2,sphere
    256,2,Float,least squares,384,8.716253e-08,5.224405e-10,2,sphere
    256,0,Double,grid weights,512,4.317853e-04,4.489896e-05,2,sphere
    256,0,Double,1 iteration,512,3.889997e-05,3.082096e-06,2,sphere
    256,0,Double,2 iterations,512,4.582699e-06,3.339761e-07,2,sphere
    256,0,Double,3 iterations,512,5.537080e-07,3.995949e-08,2,sphere
    256,0,Double,ring weights,512,3.743531e-04,7.113050e-05,2,sphere
    256,0,Double,least squares,512,1.109698e-15,3.768372e-17,2,sphere
    256,0,Float,grid weights,512,4.317851e-04,4.489889e-05,2,sphere
    256,0,Float,1 iteration,512,3.889999e-05,3.081959e-06,2,sphere
    256,0,Float,2 iterations,512,4.583712e-06,3.336931e-07,2,sphere
    256,0,Float,3 iterations,512,5.616839e-07,3.920412e-08,2,sphere
    256,0,Float,ring weights,512,3.743530e-04,7.113043e-05,2,sphere
    256,0,Float,least squares,512,1.091757e-07,2.925075e-10,2,sphere
    256,2,Double,grid weights,512,3.909793e-04,2.455081e-05,2,sphere
    256,2,Double,1 iteration,512,3.840690e-05,3.838293e-06,2,sphere
    256,2,Double,2 iterations,512,4.581077e-06,4.634885e-07,2,sphere
    256,2,Double,3 iterations,512,5.546837e-07,5.603253e-08,2,sphere
    256,2,Double,ring weights,512,2.813489e-04,1.125139e-05,2,sphere
    256,2,Double,least squares,512,1.651284e-15,2.329420e-17,2,sphere
    256,2,Float,grid weights,512,3.909793e-04,2.455082e-05,2,sphere
    256,2,Float,1 iteration,512,3.840706e-05,3.838224e-06,2,sphere
    256,2,Float,2 iterations,512,4.581980e-06,4.632504e-07,2,sphere
    256,2,Float,3 iterations,512,5.628192e-07,5.518401e-08,2,sphere
    256,2,Float,ring weights,512,2.813488e-04,1.125138e-05,2,sphere
    256,2,Float,least squares,512,1.089726e-07,1.084806e-11,2,sphere
    256,0,Double,grid weights,576,6.898914e-04,1.046479e-04,2,sphere
    256,0,Double,1 iteration,576,7.054323e-05,2.179451e-05,2,sphere
    256,0,Double,2 iterations,576,1.004373e-05,3.766769e-06,2,sphere
    256,0,Double,3 iterations,576,1.557237e-06,6.073216e-07,2,sphere
    256,0,Double,ring weights,576,6.453771e-04,5.986806e-05,2,sphere
    256,0,Float,grid weights,576,6.898914e-04,1.046481e-04,2,sphere
    256,0,Float,1 iteration,576,7.054341e-05,2.179453e-05,2,sphere
    256,0,Float,2 iterations,576,1.004451e-05,3.766604e-06,2,sphere
    256,0,Float,3 iterations,576,1.561101e-06,6.059162e-07,2,sphere
    256,0,Float,ring weights,576,6.453771e-04,5.986822e-05,2,sphere
    256,2,Double,grid weights,576,6.398560e-04,4.280559e-05,2,sphere
    256,2,Double,1 iteration,576,5.809038e-05,1.175561e-05,2,sphere
    256,2,Double,2 iterations,576,8.009432e-06,2.023931e-06,2,sphere
    256,2,Double,3 iterations,576,1.233834e-06,3.335095e-07,2,sphere
    256,2,Double,ring weights,576,6.281694e-04,2.856972e-05,2,sphere
    256,2,Float,grid weights,576,6.398561e-04,4.280559e-05,2,sphere
    256,2,Float,1 iteration,576,5.809053e-05,1.175560e-05,2,sphere
    256,2,Float,2 iterations,576,8.010227e-06,2.023816e-06,2,sphere
    256,2,Float,3 iterations,576,1.238643e-06,3.322259e-07,2,sphere
    256,2,Float,ring weights,576,6.281695e-04,2.856968e-05,2,sphere
    256,0,Double,grid weights,640,6.371760e-03,3.542360e-04,2,sphere
    256,0,Double,1 iteration,640,1.834668e-03,1.596230e-04,2,sphere
    256,0,Double,2 iterations,640,5.941796e-04,6.492163e-05,2,sphere
    256,0,Double,3 iterations,640,2.024244e-04,2.483112e-05,2,sphere
    256,0,Double,ring weights,640,6.376464e-03,3.616782e-04,2,sphere
    256,0,Double,least squares,640,1.315320e-15,1.961563e-17,2,sphere
    256,0,Float,grid weights,640,6.371760e-03,3.542358e-04,2,sphere
    256,0,Float,1 iteration,640,1.834668e-03,1.596228e-04,2,sphere
    256,0,Float,2 iterations,640,5.941797e-04,6.492151e-05,2,sphere
    256,0,Float,3 iterations,640,2.024244e-04,2.483078e-05,2,sphere
    256,0,Float,ring weights,640,6.376464e-03,3.616780e-04,2,sphere
    256,0,Float,least squares,640,4.057487e-07,1.587583e-07,2,sphere
    256,2,Double,grid weights,640,6.641194e-03,3.718862e-04,2,sphere
    256,2,Double,1 iteration,640,1.898550e-03,1.484823e-04,2,sphere
    256,2,Double,2 iterations,640,6.077287e-04,5.570078e-05,2,sphere
    256,2,Double,3 iterations,640,2.049040e-04,2.032056e-05,2,sphere
    256,2,Double,ring weights,640,6.643814e-03,3.670684e-04,2,sphere
    256,2,Double,least squares,640,1.914377e-15,4.165742e-18,2,sphere
    256,2,Float,grid weights,640,6.641193e-03,3.718860e-04,2,sphere
    256,2,Float,1 iteration,640,1.898550e-03,1.484820e-04,2,sphere
    256,2,Float,2 iterations,640,6.077288e-04,5.570057e-05,2,sphere
    256,2,Float,3 iterations,640,2.049041e-04,2.032053e-05,2,sphere
    256,2,Float,ring weights,640,6.643814e-03,3.670683e-04,2,sphere
    256,2,Float,least squares,640,1.854253e-07,2.946173e-09,2,sphere
    256,0,Double,grid weights,704,7.114933e-02,2.934095e-04,2,sphere
    256,0,Double,1 iteration,704,6.669056e-02,3.518878e-04,2,sphere
    256,0,Double,2 iterations,704,6.449282e-02,3.841425e-04,2,sphere
    256,0,Double,3 iterations,704,6.305023e-02,3.986304e-04,2,sphere
    256,0,Double,ring weights,704,7.114961e-02,2.933060e-04,2,sphere
    256,0,Float,grid weights,704,7.114933e-02,2.934097e-04,2,sphere
    256,0,Float,1 iteration,704,6.669056e-02,3.518882e-04,2,sphere
    256,0,Float,2 iterations,704,6.449282e-02,3.841429e-04,2,sphere
    256,0,Float,3 iterations,704,6.305023e-02,3.986308e-04,2,sphere
    256,0,Float,ring weights,704,7.114961e-02,2.933062e-04,2,sphere
    256,2,Double,grid weights,704,7.136409e-02,1.274235e-04,2,sphere
    256,2,Double,1 iteration,704,6.693728e-02,1.281716e-04,2,sphere
    256,2,Double,2 iterations,704,6.477062e-02,1.188146e-04,2,sphere
    256,2,Double,3 iterations,704,6.334902e-02,1.147945e-04,2,sphere
    256,2,Double,ring weights,704,7.136487e-02,1.268534e-04,2,sphere
    256,2,Float,grid weights,704,7.136409e-02,1.274234e-04,2,sphere
    256,2,Float,1 iteration,704,6.693728e-02,1.281715e-04,2,sphere
    256,2,Float,2 iterations,704,6.477062e-02,1.188145e-04,2,sphere
    256,2,Float,3 iterations,704,6.334902e-02,1.147945e-04,2,sphere
    256,2,Float,ring weights,704,7.136487e-02,1.268533e-04,2,sphere
    256,0,Double,grid weights,767,1.476688e-01,4.306398e-04,2,sphere
    256,0,Double,1 iteration,767,1.441336e-01,3.832459e-04,2,sphere
    256,0,Double,2 iterations,767,1.423698e-01,3.533075e-04,2,sphere
    256,0,Double,3 iterations,767,1.412155e-01,3.325995e-04,2,sphere
    256,0,Double,ring weights,767,1.476698e-01,4.304818e-04,2,sphere
    256,0,Float,grid weights,767,1.476688e-01,4.306397e-04,2,sphere
    256,0,Float,1 iteration,767,1.441336e-01,3.832456e-04,2,sphere
    256,0,Float,2 iterations,767,1.423698e-01,3.533073e-04,2,sphere
    256,0,Float,3 iterations,767,1.412154e-01,3.325991e-04,2,sphere
    256,0,Float,ring weights,767,1.476698e-01,4.304817e-04,2,sphere
    256,2,Double,grid weights,767,1.474571e-01,5.376746e-04,2,sphere
    256,2,Double,1 iteration,767,1.439016e-01,5.609634e-04,2,sphere
    256,2,Double,2 iterations,767,1.421329e-01,5.617988e-04,2,sphere
    256,2,Double,3 iterations,767,1.409729e-01,5.572661e-04,2,sphere
    256,2,Double,ring weights,767,1.474585e-01,5.376981e-04,2,sphere
    256,2,Float,grid weights,767,1.474571e-01,5.376747e-04,2,sphere
    256,2,Float,1 iteration,767,1.439016e-01,5.609634e-04,2,sphere
    256,2,Float,2 iterations,767,1.421329e-01,5.617990e-04,2,sphere
    256,2,Float,3 iterations,767,1.409729e-01,5.572663e-04,2,sphere
    256,2,Float,ring weights,767,1.474585e-01,5.376982e-04,2,sphere
    512,0,Double,grid weights,256,3.484927e-05,1.038190e-05,3,sphere
    512,0,Double,1 iteration,256,2.447744e-07,7.341787e-08,3,sphere
    512,0,Double,2 iterations,256,1.722313e-09,5.182063e-10,3,sphere
    512,0,Double,3 iterations,256,1.211910e-11,3.657742e-12,3,sphere
    512,0,Double,ring weights,256,1.706088e-07,2.827163e-08,3,sphere
    512,0,Double,least squares,256,7.771104e-16,1.470011e-17,3,sphere
    512,0,Float,grid weights,256,3.484892e-05,1.038206e-05,3,sphere
    512,0,Float,1 iteration,256,2.461427e-07,7.290776e-08,3,sphere
    512,0,Float,2 iterations,256,2.060200e-08,1.333320e-10,3,sphere
    512,0,Float,3 iterations,256,1.939974e-08,2.687166e-11,3,sphere
    512,0,Float,ring weights,256,1.881779e-07,2.555285e-08,3,sphere
    512,0,Float,least squares,256,4.370040e-08,1.098758e-10,3,sphere
    512,2,Double,grid weights,256,3.454371e-05,6.286923e-06,3,sphere
    512,2,Double,1 iteration,256,2.423397e-07,4.426767e-08,3,sphere
    512,2,Double,2 iterations,256,1.703174e-09,3.111177e-10,3,sphere
    512,2,Double,3 iterations,256,1.196998e-11,2.186567e-12,3,sphere
    512,2,Double,ring weights,256,1.532046e-07,9.321924e-09,3,sphere
    512,2,Double,least squares,256,1.110329e-15,7.392845e-18,3,sphere
    512,2,Float,grid weights,256,3.454350e-05,6.286971e-06,3,sphere
    512,2,Float,1 iteration,256,2.438370e-07,4.393759e-08,3,sphere
    512,2,Float,2 iterations,256,2.086234e-08,1.171606e-10,3,sphere
    512,2,Float,3 iterations,256,1.960226e-08,1.738661e-10,3,sphere
    512,2,Float,ring weights,256,1.725004e-07,8.320582e-09,3,sphere
    512,2,Float,least squares,256,4.373042e-08,5.155863e-11,3,sphere
    512,0,Double,grid weights,512,7.373840e-05,8.481021e-06,2,sphere
    512,0,Double,1 iteration,512,2.083821e-06,2.387809e-07,2,sphere
    512,0,Double,2 iterations,512,5.905766e-08,6.762374e-09,2,sphere
    512,0,Double,3 iterations,512,1.673767e-09,1.915144e-10,2,sphere
    512,0,Double,ring weights,512,4.942624e-06,1.227761e-06,2,sphere
    512,0,Double,least squares,512,1.054189e-15,2.782479e-18,2,sphere
    512,0,Float,grid weights,512,7.373827e-05,8.481098e-06,2,sphere
    512,0,Float,1 iteration,512,2.084609e-06,2.387408e-07,2,sphere
    512,0,Float,2 iterations,512,7.866132e-08,5.153387e-09,2,sphere
    512,0,Float,3 iterations,512,5.172769e-08,5.328188e-11,2,sphere
    512,0,Float,ring weights,512,4.943603e-06,1.227567e-06,2,sphere
    512,0,Float,least squares,512,1.753339e-07,2.610896e-08,2,sphere
    512,2,Double,grid weights,512,7.406047e-05,4.911381e-06,2,sphere
    512,2,Double,1 iteration,512,2.097218e-06,1.392374e-07,2,sphere
    512,2,Double,2 iterations,512,5.949986e-08,3.948938e-09,2,sphere
    512,2,Double,3 iterations,512,1.688063e-09,1.119968e-10,2,sphere
    512,2,Double,ring weights,512,3.900780e-06,3.233294e-07,2,sphere
    512,2,Double,least squares,512,1.725480e-15,1.379311e-17,2,sphere
    512,2,Float,grid weights,512,7.406031e-05,4.911323e-06,2,sphere
    512,2,Float,1 iteration,512,2.097963e-06,1.391338e-07,2,sphere
    512,2,Float,2 iterations,512,7.909220e-08,2.931296e-09,2,sphere
    512,2,Float,3 iterations,512,5.173050e-08,3.092893e-11,2,sphere
    512,2,Float,ring weights,512,3.901947e-06,3.232501e-07,2,sphere
    512,2,Float,least squares,512,1.469118e-07,5.097777e-09,2,sphere
    512,0,Double,grid weights,768,1.024142e-04,1.270540e-05,2,sphere
    512,0,Double,1 iteration,768,6.453413e-06,8.750519e-07,2,sphere
    512,0,Double,2 iterations,768,4.207181e-07,5.701596e-08,2,sphere
    512,0,Double,3 iterations,768,2.743822e-08,3.712933e-09,2,sphere
    512,0,Double,ring weights,768,3.024983e-05,1.077992e-06,2,sphere
    512,0,Double,least squares,768,1.251812e-15,4.559632e-17,2,sphere
    512,0,Float,grid weights,768,1.024140e-04,1.270539e-05,2,sphere
    512,0,Float,1 iteration,768,6.453862e-06,8.751155e-07,2,sphere
    512,0,Float,2 iterations,768,4.275107e-07,5.612990e-08,2,sphere
    512,0,Float,3 iterations,768,8.058715e-08,1.243974e-09,2,sphere
    512,0,Float,ring weights,768,3.025004e-05,1.078052e-06,2,sphere
    512,0,Float,least squares,768,8.890893e-08,7.053523e-11,2,sphere
    512,2,Double,grid weights,768,1.141618e-04,1.808365e-06,2,sphere
    512,2,Double,1 iteration,768,7.171991e-06,9.602875e-08,2,sphere
    512,2,Double,2 iterations,768,4.681232e-07,6.239380e-09,2,sphere
    512,2,Double,3 iterations,768,3.056574e-08,4.051541e-10,2,sphere
    512,2,Double,ring weights,768,3.648490e-05,1.482982e-06,2,sphere
    512,2,Double,least squares,768,1.956223e-15,2.693180e-17,2,sphere
    512,2,Float,grid weights,768,1.141618e-04,1.808403e-06,2,sphere
    512,2,Float,1 iteration,768,7.172416e-06,9.603750e-08,2,sphere
    512,2,Float,2 iterations,768,4.743763e-07,6.210042e-09,2,sphere
    512,2,Float,3 iterations,768,8.166586e-08,1.768945e-10,2,sphere
    512,2,Float,ring weights,768,3.648508e-05,1.482988e-06,2,sphere
    512,2,Float,least squares,768,8.906504e-08,1.479561e-10,2,sphere
    512,0,Double,grid weights,1024,2.079904e-04,2.735723e-05,2,sphere
    512,0,Double,1 iteration,1024,2.015814e-05,2.904120e-06,2,sphere
    512,0,Double,2 iterations,1024,2.394963e-06,3.493628e-07,2,sphere
    512,0,Double,3 iterations,1024,2.890531e-07,4.223536e-08,2,sphere
    512,0,Double,ring weights,1024,1.693985e-04,1.144493e-05,2,sphere
    512,0,Double,least squares,1024,1.466942e-15,2.320548e-17,2,sphere
    512,0,Float,grid weights,1024,2.079904e-04,2.735724e-05,2,sphere
    512,0,Float,1 iteration,1024,2.015835e-05,2.904079e-06,2,sphere
    512,0,Float,2 iterations,1024,2.397080e-06,3.490805e-07,2,sphere
    512,0,Float,3 iterations,1024,3.059212e-07,3.987841e-08,2,sphere
    512,0,Float,ring weights,1024,1.693985e-04,1.144498e-05,2,sphere
    512,0,Float,least squares,1024,3.353336e-07,1.487299e-07,2,sphere
    512,2,Double,grid weights,1024,1.935887e-04,1.918272e-05,2,sphere
    512,2,Double,1 iteration,1024,1.724527e-05,1.623609e-06,2,sphere
    512,2,Double,2 iterations,1024,2.034256e-06,1.998729e-07,2,sphere
    512,2,Double,3 iterations,1024,2.454511e-07,2.403428e-08,2,sphere
    512,2,Double,ring weights,1024,1.721454e-04,1.505577e-05,2,sphere
    512,2,Double,least squares,1024,2.310285e-15,1.878240e-17,2,sphere
    512,2,Float,grid weights,1024,1.935887e-04,1.918272e-05,2,sphere
    512,2,Float,1 iteration,1024,1.724566e-05,1.623549e-06,2,sphere
    512,2,Float,2 iterations,1024,2.036868e-06,1.996161e-07,2,sphere
    512,2,Float,3 iterations,1024,2.652564e-07,2.221526e-08,2,sphere
    512,2,Float,ring weights,1024,1.721454e-04,1.505577e-05,2,sphere
    512,2,Float,least squares,1024,4.786205e-07,1.141609e-09,2,sphere
    512,0,Double,grid weights,1152,3.286994e-04,1.955097e-06,2,sphere
    512,0,Double,1 iteration,1152,3.266786e-05,4.670762e-06,2,sphere
    512,0,Double,2 iterations,1152,4.644393e-06,9.648934e-07,2,sphere
    512,0,Double,3 iterations,1152,7.196904e-07,1.593438e-07,2,sphere
    512,0,Double,ring weights,1152,3.106354e-04,7.539855e-06,2,sphere
    512,0,Float,grid weights,1152,3.286994e-04,1.955146e-06,2,sphere
    512,0,Float,1 iteration,1152,3.266798e-05,4.670667e-06,2,sphere
    512,0,Float,2 iterations,1152,4.645817e-06,9.645436e-07,2,sphere
    512,0,Float,3 iterations,1152,7.285387e-07,1.573474e-07,2,sphere
    512,0,Float,ring weights,1152,3.106356e-04,7.539798e-06,2,sphere
    512,2,Double,grid weights,1152,3.104808e-04,5.562132e-07,2,sphere
    512,2,Double,1 iteration,1152,2.542421e-05,9.650332e-07,2,sphere
    512,2,Double,2 iterations,1152,3.251648e-06,1.470759e-07,2,sphere
    512,2,Double,3 iterations,1152,4.883553e-07,2.959878e-08,2,sphere
    512,2,Double,ring weights,1152,3.120154e-04,4.595630e-06,2,sphere
    512,2,Float,grid weights,1152,3.104807e-04,5.561915e-07,2,sphere
    512,2,Float,1 iteration,1152,2.542449e-05,9.650293e-07,2,sphere
    512,2,Float,2 iterations,1152,3.253687e-06,1.469935e-07,2,sphere
    512,2,Float,3 iterations,1152,5.014035e-07,2.881956e-08,2,sphere
    512,2,Float,ring weights,1152,3.120154e-04,4.595603e-06,2,sphere
    512,0,Double,grid weights,1280,5.967510e-03,1.791213e-04,2,sphere
    512,0,Double,1 iteration,1280,2.420086e-03,8.899172e-05,2,sphere
    512,0,Double,2 iterations,1280,1.103323e-03,3.800449e-05,2,sphere
    512,0,Double,3 iterations,1280,5.294356e-04,1.646487e-05,2,sphere
    512,0,Double,ring weights,1280,5.968031e-03,1.771420e-04,2,sphere
    512,0,Double,least squares,1280,1.888198e-15,2.910036e-17,2,sphere
    512,0,Float,grid weights,1280,5.967510e-03,1.791213e-04,2,sphere
    512,0,Float,1 iteration,1280,2.420086e-03,8.899163e-05,2,sphere
    512,0,Float,2 iterations,1280,1.103323e-03,3.800457e-05,2,sphere
    512,0,Float,3 iterations,1280,5.294356e-04,1.646487e-05,2,sphere
    512,0,Float,ring weights,1280,5.968031e-03,1.771421e-04,2,sphere
    512,0,Float,least squares,1280,4.753776e-07,2.151605e-08,2,sphere
    512,2,Double,grid weights,1280,5.929805e-03,1.301267e-04,2,sphere
    512,2,Double,1 iteration,1280,2.376695e-03,5.729810e-05,2,sphere
    512,2,Double,2 iterations,1280,1.070911e-03,2.440091e-05,2,sphere
    512,2,Double,3 iterations,1280,5.084152e-04,1.131086e-05,2,sphere
    512,2,Double,ring weights,1280,5.930198e-03,1.305523e-04,2,sphere
    512,2,Double,least squares,1280,2.759354e-15,1.352441e-17,2,sphere
    512,2,Float,grid weights,1280,5.929805e-03,1.301267e-04,2,sphere
    512,2,Float,1 iteration,1280,2.376695e-03,5.729809e-05,2,sphere
    512,2,Float,2 iterations,1280,1.070910e-03,2.440098e-05,2,sphere
    512,2,Float,3 iterations,1280,5.084151e-04,1.131079e-05,2,sphere
    512,2,Float,ring weights,1280,5.930197e-03,1.305523e-04,2,sphere
    512,2,Float,least squares,1280,4.725230e-07,6.774955e-09,2,sphere
    512,0,Double,grid weights,1408,7.207753e-02,4.732245e-04,2,sphere
    512,0,Double,1 iteration,1408,6.945320e-02,4.544455e-04,2,sphere
    512,0,Double,2 iterations,1408,6.816203e-02,4.432432e-04,2,sphere
    512,0,Double,3 iterations,1408,6.732300e-02,4.334342e-04,2,sphere
    512,0,Double,ring weights,1408,7.207783e-02,4.730744e-04,2,sphere
    512,0,Float,grid weights,1408,7.207753e-02,4.732244e-04,2,sphere
    512,0,Float,1 iteration,1408,6.945320e-02,4.544454e-04,2,sphere
    512,0,Float,2 iterations,1408,6.816203e-02,4.432430e-04,2,sphere
    512,0,Float,3 iterations,1408,6.732300e-02,4.334339e-04,2,sphere
    512,0,Float,ring weights,1408,7.207783e-02,4.730743e-04,2,sphere
    512,2,Double,grid weights,1408,7.160538e-02,3.314134e-04,2,sphere
    512,2,Double,1 iteration,1408,6.897699e-02,3.426448e-04,2,sphere
    512,2,Double,2 iterations,1408,6.768067e-02,3.469498e-04,2,sphere
    512,2,Double,3 iterations,1408,6.683646e-02,3.460470e-04,2,sphere
    512,2,Double,ring weights,1408,7.160563e-02,3.314696e-04,2,sphere
    512,2,Float,grid weights,1408,7.160538e-02,3.314134e-04,2,sphere
    512,2,Float,1 iteration,1408,6.897698e-02,3.426447e-04,2,sphere
    512,2,Float,2 iterations,1408,6.768066e-02,3.469498e-04,2,sphere
    512,2,Float,3 iterations,1408,6.683645e-02,3.460469e-04,2,sphere
    512,2,Float,ring weights,1408,7.160563e-02,3.314696e-04,2,sphere
    512,0,Double,grid weights,1535,1.481083e-01,3.673580e-04,2,sphere
    512,0,Double,1 iteration,1535,1.461578e-01,3.467478e-04,2,sphere
    512,0,Double,2 iterations,1535,1.451916e-01,3.381829e-04,2,sphere
    512,0,Double,3 iterations,1535,1.445575e-01,3.325033e-04,2,sphere
    512,0,Double,ring weights,1535,1.481088e-01,3.675916e-04,2,sphere
    512,0,Float,grid weights,1535,1.481083e-01,3.673579e-04,2,sphere
    512,0,Float,1 iteration,1535,1.461578e-01,3.467477e-04,2,sphere
    512,0,Float,2 iterations,1535,1.451916e-01,3.381828e-04,2,sphere
    512,0,Float,3 iterations,1535,1.445575e-01,3.325032e-04,2,sphere
    512,0,Float,ring weights,1535,1.481088e-01,3.675915e-04,2,sphere
    512,2,Double,grid weights,1535,1.479562e-01,2.349024e-04,2,sphere
    512,2,Double,1 iteration,1535,1.460041e-01,2.321512e-04,2,sphere
    512,2,Double,2 iterations,1535,1.450367e-01,2.289799e-04,2,sphere
    512,2,Double,3 iterations,1535,1.444024e-01,2.255740e-04,2,sphere
    512,2,Double,ring weights,1535,1.479563e-01,2.348944e-04,2,sphere
    512,2,Float,grid weights,1535,1.479562e-01,2.349023e-04,2,sphere
    512,2,Float,1 iteration,1535,1.460041e-01,2.321510e-04,2,sphere
    512,2,Float,2 iterations,1535,1.450367e-01,2.289797e-04,2,sphere
    512,2,Float,3 iterations,1535,1.444024e-01,2.255738e-04,2,sphere
    512,2,Float,ring weights,1535,1.479563e-01,2.348943e-04,2,sphere
    ,0,Double,grid weights,8,7.016802e-16,7.823779e-18,64,sphere
    ,0,Float,grid weights,8,9.674523e-08,1.147921e-09,64,sphere
    ,2,Double,grid weights,8,8.100847e-16,7.648852e-18,64,sphere
    ,2,Float,grid weights,8,9.292413e-08,6.851748e-10,64,sphere
    ,0,Double,grid weights,16,1.706983e-15,1.420179e-17,64,sphere
    ,0,Float,grid weights,16,9.744320e-08,7.905177e-10,64,sphere
    ,2,Double,grid weights,16,1.915815e-15,1.568649e-17,64,sphere
    ,2,Float,grid weights,16,9.570494e-08,4.822025e-10,64,sphere
    ,0,Double,grid weights,32,6.556313e-15,3.798677e-17,64,sphere
    ,0,Float,grid weights,32,1.088824e-07,3.430017e-10,64,sphere
    ,2,Double,grid weights,32,3.156101e-15,1.115471e-17,64,sphere
    ,2,Float,grid weights,32,1.092668e-07,2.453948e-10,64,sphere
    ,0,Double,grid weights,64,4.332330e-15,2.468082e-17,47,sphere
    ,0,Float,grid weights,64,1.197004e-07,2.863973e-10,47,sphere
    ,2,Double,grid weights,64,5.391185e-15,3.941861e-17,47,sphere
    ,2,Float,grid weights,64,1.194192e-07,1.919617e-10,47,sphere
    ,0,Double,grid weights,128,9.823413e-15,5.201328e-17,12,sphere
    ,0,Float,grid weights,128,1.310766e-07,2.802172e-10,12,sphere
    ,2,Double,grid weights,128,1.083893e-14,6.381373e-17,12,sphere
    ,2,Float,grid weights,128,1.306366e-07,1.840660e-10,12,sphere
    ,0,Double,grid weights,256,2.243934e-14,9.838075e-17,3,sphere
    ,0,Float,grid weights,256,1.363798e-07,1.149597e-10,3,sphere
    ,2,Double,grid weights,256,2.339519e-14,5.127223e-17,3,sphere
    ,2,Float,grid weights,256,1.365614e-07,7.734003e-11,3,sphere
    ,0,Double,grid weights,512,4.020299e-14,1.503638e-17,2,sphere
    ,0,Float,grid weights,512,1.432819e-07,1.482671e-10,2,sphere
    ,2,Double,grid weights,512,4.155514e-14,2.488849e-17,2,sphere
    ,2,Float,grid weights,512,1.433769e-07,3.398228e-12,2,sphere
    ,0,Double,grid weights,1024,7.856806e-14,3.036059e-16,2,sphere
    ,0,Float,grid weights,1024,1.472490e-07,4.110199e-11,2,sphere
    ,2,Double,grid weights,1024,8.080496e-14,2.173042e-16,2,sphere
    ,2,Float,grid weights,1024,1.474502e-07,5.165073e-11,2,sphere
    ,0,Double,grid weights,1536,1.195732e-13,4.578202e-16,2,sphere
    ,0,Float,grid weights,1536,1.503850e-07,1.056794e-10,2,sphere
    ,2,Double,grid weights,1536,1.220216e-13,3.751903e-16,2,sphere
    ,2,Float,grid weights,1536,1.504075e-07,2.059781e-11,2,sphere
    32,0,Double,pixel weights,16,1.722432e-15,2.693585e-17,16,ducc0 0.42.0 with healpy's weights
    32,0,Float,pixel weights,16,4.645206e-08,7.401993e-10,16,ducc0 0.42.0 with healpy's weights
    32,2,Double,pixel weights,16,1.974005e-15,1.912557e-17,16,ducc0 0.42.0 with healpy's weights
    32,2,Float,pixel weights,16,6.196937e-08,5.181958e-10,16,ducc0 0.42.0 with healpy's weights
    32,0,Double,pixel weights,24,2.936881e-15,7.503473e-17,16,ducc0 0.42.0 with healpy's weights
    32,0,Float,pixel weights,24,4.768070e-08,3.822978e-10,16,ducc0 0.42.0 with healpy's weights
    32,2,Double,pixel weights,24,3.056645e-15,4.832716e-17,16,ducc0 0.42.0 with healpy's weights
    32,2,Float,pixel weights,24,5.916259e-08,3.079463e-10,16,ducc0 0.42.0 with healpy's weights
    32,0,Double,pixel weights,32,3.914740e-15,1.260933e-16,16,ducc0 0.42.0 with healpy's weights
    32,0,Float,pixel weights,32,4.846489e-08,2.860347e-10,16,ducc0 0.42.0 with healpy's weights
    32,2,Double,pixel weights,32,4.156847e-15,7.630670e-17,16,ducc0 0.42.0 with healpy's weights
    32,2,Float,pixel weights,32,6.500121e-08,2.433019e-10,16,ducc0 0.42.0 with healpy's weights
    32,0,Double,pixel weights,40,4.433286e-15,9.683544e-17,16,ducc0 0.42.0 with healpy's weights
    32,0,Float,pixel weights,40,4.985391e-08,2.990528e-10,16,ducc0 0.42.0 with healpy's weights
    32,2,Double,pixel weights,40,5.508664e-15,6.459104e-17,16,ducc0 0.42.0 with healpy's weights
    32,2,Float,pixel weights,40,6.317250e-08,2.791596e-10,16,ducc0 0.42.0 with healpy's weights
    32,0,Double,pixel weights,48,5.398906e-15,1.196312e-16,16,ducc0 0.42.0 with healpy's weights
    32,0,Float,pixel weights,48,5.142121e-08,1.555950e-10,16,ducc0 0.42.0 with healpy's weights
    32,2,Double,pixel weights,48,6.958971e-15,1.293480e-16,16,ducc0 0.42.0 with healpy's weights
    32,2,Float,pixel weights,48,6.476272e-08,1.557275e-10,16,ducc0 0.42.0 with healpy's weights
    32,0,Double,pixel weights,49,1.478126e-04,9.172489e-06,16,ducc0 0.42.0 with healpy's weights
    32,0,Float,pixel weights,49,1.478126e-04,9.172529e-06,16,ducc0 0.42.0 with healpy's weights
    32,2,Double,pixel weights,49,1.193256e-04,5.388358e-06,16,ducc0 0.42.0 with healpy's weights
    32,2,Float,pixel weights,49,1.193256e-04,5.388340e-06,16,ducc0 0.42.0 with healpy's weights
    32,0,Double,pixel weights,50,2.409454e-04,1.270664e-05,16,ducc0 0.42.0 with healpy's weights
    32,0,Float,pixel weights,50,2.409459e-04,1.270667e-05,16,ducc0 0.42.0 with healpy's weights
    32,2,Double,pixel weights,50,2.501550e-04,1.361007e-05,16,ducc0 0.42.0 with healpy's weights
    32,2,Float,pixel weights,50,2.501550e-04,1.361011e-05,16,ducc0 0.42.0 with healpy's weights
    32,0,Double,pixel weights,52,5.633735e-04,2.488259e-05,16,ducc0 0.42.0 with healpy's weights
    32,0,Float,pixel weights,52,5.633736e-04,2.488260e-05,16,ducc0 0.42.0 with healpy's weights
    32,2,Double,pixel weights,52,5.693350e-04,1.142971e-05,16,ducc0 0.42.0 with healpy's weights
    32,2,Float,pixel weights,52,5.693349e-04,1.142963e-05,16,ducc0 0.42.0 with healpy's weights
    32,0,Double,pixel weights,56,1.274739e-03,5.377015e-05,16,ducc0 0.42.0 with healpy's weights
    32,0,Float,pixel weights,56,1.274739e-03,5.377024e-05,16,ducc0 0.42.0 with healpy's weights
    32,2,Double,pixel weights,56,1.339219e-03,3.667709e-05,16,ducc0 0.42.0 with healpy's weights
    32,2,Float,pixel weights,56,1.339219e-03,3.667706e-05,16,ducc0 0.42.0 with healpy's weights
    32,0,Double,pixel weights,64,3.233758e-03,1.181334e-04,16,ducc0 0.42.0 with healpy's weights
    32,0,Float,pixel weights,64,3.233758e-03,1.181335e-04,16,ducc0 0.42.0 with healpy's weights
    32,2,Double,pixel weights,64,3.160529e-03,7.507278e-05,16,ducc0 0.42.0 with healpy's weights
    32,2,Float,pixel weights,64,3.160529e-03,7.507279e-05,16,ducc0 0.42.0 with healpy's weights
    32,0,Double,pixel weights,72,6.556184e-03,1.628728e-04,16,ducc0 0.42.0 with healpy's weights
    32,0,Float,pixel weights,72,6.556184e-03,1.628727e-04,16,ducc0 0.42.0 with healpy's weights
    32,2,Double,pixel weights,72,6.610306e-03,1.338700e-04,16,ducc0 0.42.0 with healpy's weights
    32,2,Float,pixel weights,72,6.610306e-03,1.338700e-04,16,ducc0 0.42.0 with healpy's weights
    32,0,Double,pixel weights,80,1.973732e-02,3.169557e-04,16,ducc0 0.42.0 with healpy's weights
    32,0,Float,pixel weights,80,1.973732e-02,3.169558e-04,16,ducc0 0.42.0 with healpy's weights
    32,2,Double,pixel weights,80,1.953517e-02,2.274728e-04,16,ducc0 0.42.0 with healpy's weights
    32,2,Float,pixel weights,80,1.953517e-02,2.274728e-04,16,ducc0 0.42.0 with healpy's weights
    32,0,Double,pixel weights,88,7.972204e-02,1.120306e-03,16,ducc0 0.42.0 with healpy's weights
    32,0,Float,pixel weights,88,7.972205e-02,1.120306e-03,16,ducc0 0.42.0 with healpy's weights
    32,2,Double,pixel weights,88,7.953803e-02,7.613522e-04,16,ducc0 0.42.0 with healpy's weights
    32,2,Float,pixel weights,88,7.953803e-02,7.613521e-04,16,ducc0 0.42.0 with healpy's weights
    32,0,Double,pixel weights,95,1.482840e-01,1.112080e-03,16,ducc0 0.42.0 with healpy's weights
    32,0,Float,pixel weights,95,1.482840e-01,1.112080e-03,16,ducc0 0.42.0 with healpy's weights
    32,2,Double,pixel weights,95,1.482396e-01,7.506294e-04,16,ducc0 0.42.0 with healpy's weights
    32,2,Float,pixel weights,95,1.482396e-01,7.506294e-04,16,ducc0 0.42.0 with healpy's weights
    64,0,Double,pixel weights,32,4.090786e-15,1.432073e-16,16,ducc0 0.42.0 with healpy's weights
    64,0,Float,pixel weights,32,4.653795e-08,3.447479e-10,16,ducc0 0.42.0 with healpy's weights
    64,2,Double,pixel weights,32,4.264742e-15,6.988446e-17,16,ducc0 0.42.0 with healpy's weights
    64,2,Float,pixel weights,32,6.299022e-08,2.793139e-10,16,ducc0 0.42.0 with healpy's weights
    64,0,Double,pixel weights,48,5.530860e-15,1.239601e-16,16,ducc0 0.42.0 with healpy's weights
    64,0,Float,pixel weights,48,4.787006e-08,2.147556e-10,16,ducc0 0.42.0 with healpy's weights
    64,2,Double,pixel weights,48,6.964168e-15,1.292605e-16,16,ducc0 0.42.0 with healpy's weights
    64,2,Float,pixel weights,48,6.103674e-08,1.590991e-10,16,ducc0 0.42.0 with healpy's weights
    64,0,Double,pixel weights,64,7.736036e-15,1.817828e-16,16,ducc0 0.42.0 with healpy's weights
    64,0,Float,pixel weights,64,4.894784e-08,1.875414e-10,16,ducc0 0.42.0 with healpy's weights
    64,2,Double,pixel weights,64,8.894688e-15,7.535819e-17,16,ducc0 0.42.0 with healpy's weights
    64,2,Float,pixel weights,64,5.852382e-08,1.347443e-10,16,ducc0 0.42.0 with healpy's weights
    64,0,Double,pixel weights,80,9.492652e-15,1.314066e-16,16,ducc0 0.42.0 with healpy's weights
    64,0,Float,pixel weights,80,5.003752e-08,1.452896e-10,16,ducc0 0.42.0 with healpy's weights
    64,2,Double,pixel weights,80,1.037500e-14,7.752772e-17,16,ducc0 0.42.0 with healpy's weights
    64,2,Float,pixel weights,80,5.975855e-08,7.040339e-11,16,ducc0 0.42.0 with healpy's weights
    64,0,Double,pixel weights,96,1.188478e-14,2.659007e-16,16,ducc0 0.42.0 with healpy's weights
    64,0,Float,pixel weights,96,5.149728e-08,8.693582e-11,16,ducc0 0.42.0 with healpy's weights
    64,2,Double,pixel weights,96,1.178268e-14,7.843294e-17,16,ducc0 0.42.0 with healpy's weights
    64,2,Float,pixel weights,96,6.006929e-08,8.005443e-11,16,ducc0 0.42.0 with healpy's weights
    64,0,Double,pixel weights,97,2.072916e-05,1.660600e-06,16,ducc0 0.42.0 with healpy's weights
    64,0,Float,pixel weights,97,2.072927e-05,1.660599e-06,16,ducc0 0.42.0 with healpy's weights
    64,2,Double,pixel weights,97,2.387981e-05,1.372455e-06,16,ducc0 0.42.0 with healpy's weights
    64,2,Float,pixel weights,97,2.388000e-05,1.372506e-06,16,ducc0 0.42.0 with healpy's weights
    64,0,Double,pixel weights,100,1.192127e-04,5.593540e-06,16,ducc0 0.42.0 with healpy's weights
    64,0,Float,pixel weights,100,1.192128e-04,5.593551e-06,16,ducc0 0.42.0 with healpy's weights
    64,2,Double,pixel weights,100,1.121653e-04,4.249136e-06,16,ducc0 0.42.0 with healpy's weights
    64,2,Float,pixel weights,100,1.121655e-04,4.249131e-06,16,ducc0 0.42.0 with healpy's weights
    64,0,Double,pixel weights,104,2.727428e-04,1.204293e-05,16,ducc0 0.42.0 with healpy's weights
    64,0,Float,pixel weights,104,2.727432e-04,1.204293e-05,16,ducc0 0.42.0 with healpy's weights
    64,2,Double,pixel weights,104,2.787536e-04,8.073105e-06,16,ducc0 0.42.0 with healpy's weights
    64,2,Float,pixel weights,104,2.787537e-04,8.073120e-06,16,ducc0 0.42.0 with healpy's weights
    64,0,Double,pixel weights,112,6.663665e-04,2.735628e-05,15,ducc0 0.42.0 with healpy's weights
    64,0,Float,pixel weights,112,6.663666e-04,2.735630e-05,15,ducc0 0.42.0 with healpy's weights
    64,2,Double,pixel weights,112,6.476344e-04,1.450634e-05,15,ducc0 0.42.0 with healpy's weights
    64,2,Float,pixel weights,112,6.476346e-04,1.450633e-05,15,ducc0 0.42.0 with healpy's weights
    64,0,Double,pixel weights,128,1.457947e-03,7.053052e-05,12,ducc0 0.42.0 with healpy's weights
    64,0,Float,pixel weights,128,1.457947e-03,7.053049e-05,12,ducc0 0.42.0 with healpy's weights
    64,2,Double,pixel weights,128,1.490501e-03,4.185885e-05,12,ducc0 0.42.0 with healpy's weights
    64,2,Float,pixel weights,128,1.490502e-03,4.185886e-05,12,ducc0 0.42.0 with healpy's weights
    64,0,Double,pixel weights,144,3.036269e-03,1.059545e-04,9,ducc0 0.42.0 with healpy's weights
    64,0,Float,pixel weights,144,3.036269e-03,1.059546e-04,9,ducc0 0.42.0 with healpy's weights
    64,2,Double,pixel weights,144,3.047679e-03,9.252774e-05,9,ducc0 0.42.0 with healpy's weights
    64,2,Float,pixel weights,144,3.047679e-03,9.252772e-05,9,ducc0 0.42.0 with healpy's weights
    64,0,Double,pixel weights,160,1.271809e-02,3.529185e-04,7,ducc0 0.42.0 with healpy's weights
    64,0,Float,pixel weights,160,1.271809e-02,3.529185e-04,7,ducc0 0.42.0 with healpy's weights
    64,2,Double,pixel weights,160,1.242525e-02,2.010993e-04,7,ducc0 0.42.0 with healpy's weights
    64,2,Float,pixel weights,160,1.242525e-02,2.010993e-04,7,ducc0 0.42.0 with healpy's weights
    64,0,Double,pixel weights,176,7.503461e-02,1.053374e-03,6,ducc0 0.42.0 with healpy's weights
    64,0,Float,pixel weights,176,7.503461e-02,1.053374e-03,6,ducc0 0.42.0 with healpy's weights
    64,2,Double,pixel weights,176,7.493786e-02,9.038556e-04,6,ducc0 0.42.0 with healpy's weights
    64,2,Float,pixel weights,176,7.493786e-02,9.038556e-04,6,ducc0 0.42.0 with healpy's weights
    64,0,Double,pixel weights,191,1.491035e-01,6.964740e-04,5,ducc0 0.42.0 with healpy's weights
    64,0,Float,pixel weights,191,1.491035e-01,6.964739e-04,5,ducc0 0.42.0 with healpy's weights
    64,2,Double,pixel weights,191,1.483570e-01,1.305680e-03,5,ducc0 0.42.0 with healpy's weights
    64,2,Float,pixel weights,191,1.483570e-01,1.305680e-03,5,ducc0 0.42.0 with healpy's weights
    128,0,Double,pixel weights,64,7.108413e-15,2.210942e-16,16,ducc0 0.42.0 with healpy's weights
    128,0,Float,pixel weights,64,4.700043e-08,1.095116e-10,16,ducc0 0.42.0 with healpy's weights
    128,2,Double,pixel weights,64,8.298885e-15,8.820242e-17,16,ducc0 0.42.0 with healpy's weights
    128,2,Float,pixel weights,64,5.635843e-08,1.242782e-10,16,ducc0 0.42.0 with healpy's weights
    128,0,Double,pixel weights,96,1.073836e-14,2.842130e-16,16,ducc0 0.42.0 with healpy's weights
    128,0,Float,pixel weights,96,4.756055e-08,8.048393e-11,16,ducc0 0.42.0 with healpy's weights
    128,2,Double,pixel weights,96,1.089184e-14,1.095195e-16,16,ducc0 0.42.0 with healpy's weights
    128,2,Float,pixel weights,96,5.584549e-08,7.718706e-11,16,ducc0 0.42.0 with healpy's weights
    128,0,Double,pixel weights,128,1.353119e-14,3.401080e-16,12,ducc0 0.42.0 with healpy's weights
    128,0,Float,pixel weights,128,4.863563e-08,8.608886e-11,12,ducc0 0.42.0 with healpy's weights
    128,2,Double,pixel weights,128,1.378645e-14,1.213569e-16,12,ducc0 0.42.0 with healpy's weights
    128,2,Float,pixel weights,128,5.929348e-08,8.996554e-11,12,ducc0 0.42.0 with healpy's weights
    128,0,Double,pixel weights,160,1.636922e-14,3.656545e-16,7,ducc0 0.42.0 with healpy's weights
    128,0,Float,pixel weights,160,5.015996e-08,9.954499e-11,7,ducc0 0.42.0 with healpy's weights
    128,2,Double,pixel weights,160,1.613704e-14,1.071344e-16,7,ducc0 0.42.0 with healpy's weights
    128,2,Float,pixel weights,160,6.095229e-08,6.985542e-11,7,ducc0 0.42.0 with healpy's weights
    128,0,Double,pixel weights,192,2.024206e-14,1.018218e-15,5,ducc0 0.42.0 with healpy's weights
    128,0,Float,pixel weights,192,5.140650e-08,1.553020e-10,5,ducc0 0.42.0 with healpy's weights
    128,2,Double,pixel weights,192,1.848324e-14,1.268974e-16,5,ducc0 0.42.0 with healpy's weights
    128,2,Float,pixel weights,192,6.212918e-08,1.332209e-10,5,ducc0 0.42.0 with healpy's weights
    128,0,Double,pixel weights,193,5.199328e-06,7.173269e-07,5,ducc0 0.42.0 with healpy's weights
    128,0,Float,pixel weights,193,5.199430e-06,7.173205e-07,5,ducc0 0.42.0 with healpy's weights
    128,2,Double,pixel weights,193,4.889370e-06,4.640874e-07,5,ducc0 0.42.0 with healpy's weights
    128,2,Float,pixel weights,193,4.889898e-06,4.641470e-07,5,ducc0 0.42.0 with healpy's weights
    128,0,Double,pixel weights,200,5.518425e-05,5.812808e-06,4,ducc0 0.42.0 with healpy's weights
    128,0,Float,pixel weights,200,5.518417e-05,5.812718e-06,4,ducc0 0.42.0 with healpy's weights
    128,2,Double,pixel weights,200,5.471060e-05,4.204916e-06,4,ducc0 0.42.0 with healpy's weights
    128,2,Float,pixel weights,200,5.471064e-05,4.204860e-06,4,ducc0 0.42.0 with healpy's weights
    128,0,Double,pixel weights,208,1.545724e-04,1.193649e-05,4,ducc0 0.42.0 with healpy's weights
    128,0,Float,pixel weights,208,1.545724e-04,1.193644e-05,4,ducc0 0.42.0 with healpy's weights
    128,2,Double,pixel weights,208,1.401935e-04,8.077873e-06,4,ducc0 0.42.0 with healpy's weights
    128,2,Float,pixel weights,208,1.401935e-04,8.077897e-06,4,ducc0 0.42.0 with healpy's weights
    128,0,Double,pixel weights,224,3.202398e-04,1.695135e-05,3,ducc0 0.42.0 with healpy's weights
    128,0,Float,pixel weights,224,3.202400e-04,1.695147e-05,3,ducc0 0.42.0 with healpy's weights
    128,2,Double,pixel weights,224,2.790830e-04,3.746044e-05,3,ducc0 0.42.0 with healpy's weights
    128,2,Float,pixel weights,224,2.790832e-04,3.746030e-05,3,ducc0 0.42.0 with healpy's weights
    128,0,Double,pixel weights,256,7.491070e-04,2.093164e-05,3,ducc0 0.42.0 with healpy's weights
    128,0,Float,pixel weights,256,7.491072e-04,2.093158e-05,3,ducc0 0.42.0 with healpy's weights
    128,2,Double,pixel weights,256,7.314539e-04,1.417821e-05,3,ducc0 0.42.0 with healpy's weights
    128,2,Float,pixel weights,256,7.314540e-04,1.417844e-05,3,ducc0 0.42.0 with healpy's weights
    128,0,Double,pixel weights,288,1.801461e-03,3.208281e-04,2,ducc0 0.42.0 with healpy's weights
    128,0,Float,pixel weights,288,1.801461e-03,3.208280e-04,2,ducc0 0.42.0 with healpy's weights
    128,2,Double,pixel weights,288,1.459510e-03,6.185908e-05,2,ducc0 0.42.0 with healpy's weights
    128,2,Float,pixel weights,288,1.459510e-03,6.185904e-05,2,ducc0 0.42.0 with healpy's weights
    128,0,Double,pixel weights,320,9.032650e-03,6.734745e-04,2,ducc0 0.42.0 with healpy's weights
    128,0,Float,pixel weights,320,9.032650e-03,6.734744e-04,2,ducc0 0.42.0 with healpy's weights
    128,2,Double,pixel weights,320,9.027057e-03,1.345889e-05,2,ducc0 0.42.0 with healpy's weights
    128,2,Float,pixel weights,320,9.027057e-03,1.345904e-05,2,ducc0 0.42.0 with healpy's weights
    128,0,Double,pixel weights,352,7.468925e-02,3.389333e-03,2,ducc0 0.42.0 with healpy's weights
    128,0,Float,pixel weights,352,7.468925e-02,3.389333e-03,2,ducc0 0.42.0 with healpy's weights
    128,2,Double,pixel weights,352,7.331380e-02,1.290209e-03,2,ducc0 0.42.0 with healpy's weights
    128,2,Float,pixel weights,352,7.331380e-02,1.290209e-03,2,ducc0 0.42.0 with healpy's weights
    128,0,Double,pixel weights,383,1.468622e-01,1.251609e-03,2,ducc0 0.42.0 with healpy's weights
    128,0,Float,pixel weights,383,1.468622e-01,1.251609e-03,2,ducc0 0.42.0 with healpy's weights
    128,2,Double,pixel weights,383,1.476270e-01,8.116444e-04,2,ducc0 0.42.0 with healpy's weights
    128,2,Float,pixel weights,383,1.476270e-01,8.116444e-04,2,ducc0 0.42.0 with healpy's weights
    256,0,Double,pixel weights,128,1.541687e-14,7.296992e-16,12,ducc0 0.42.0 with healpy's weights
    256,0,Float,pixel weights,128,4.643106e-08,1.016672e-10,12,ducc0 0.42.0 with healpy's weights
    256,2,Double,pixel weights,128,1.573819e-14,3.956283e-16,12,ducc0 0.42.0 with healpy's weights
    256,2,Float,pixel weights,128,5.676121e-08,6.629601e-11,12,ducc0 0.42.0 with healpy's weights
    256,0,Double,pixel weights,192,2.136017e-14,1.231530e-15,5,ducc0 0.42.0 with healpy's weights
    256,0,Float,pixel weights,192,4.720285e-08,6.594957e-11,5,ducc0 0.42.0 with healpy's weights
    256,2,Double,pixel weights,192,2.017288e-14,2.685099e-16,5,ducc0 0.42.0 with healpy's weights
    256,2,Float,pixel weights,192,5.784389e-08,8.286659e-11,5,ducc0 0.42.0 with healpy's weights
    256,0,Double,pixel weights,256,3.481215e-14,1.022226e-15,3,ducc0 0.42.0 with healpy's weights
    256,0,Float,pixel weights,256,4.841107e-08,1.497368e-10,3,ducc0 0.42.0 with healpy's weights
    256,2,Double,pixel weights,256,3.136879e-14,1.977975e-16,3,ducc0 0.42.0 with healpy's weights
    256,2,Float,pixel weights,256,5.850111e-08,7.253945e-11,3,ducc0 0.42.0 with healpy's weights
    256,0,Double,pixel weights,320,1.258948e-13,4.264928e-15,2,ducc0 0.42.0 with healpy's weights
    256,0,Float,pixel weights,320,4.964409e-08,3.421533e-11,2,ducc0 0.42.0 with healpy's weights
    256,2,Double,pixel weights,320,1.240496e-13,2.238887e-15,2,ducc0 0.42.0 with healpy's weights
    256,2,Float,pixel weights,320,5.927487e-08,4.820082e-11,2,ducc0 0.42.0 with healpy's weights
    256,0,Double,pixel weights,384,3.046000e-13,1.190720e-15,2,ducc0 0.42.0 with healpy's weights
    256,0,Float,pixel weights,384,5.128517e-08,1.722484e-10,2,ducc0 0.42.0 with healpy's weights
    256,2,Double,pixel weights,384,3.022987e-13,2.973842e-15,2,ducc0 0.42.0 with healpy's weights
    256,2,Float,pixel weights,384,6.061419e-08,1.641275e-10,2,ducc0 0.42.0 with healpy's weights
    256,0,Double,pixel weights,385,1.091382e-06,1.260236e-07,2,ducc0 0.42.0 with healpy's weights
    256,0,Float,pixel weights,385,1.092473e-06,1.260508e-07,2,ducc0 0.42.0 with healpy's weights
    256,2,Double,pixel weights,385,1.257854e-06,7.767279e-08,2,ducc0 0.42.0 with healpy's weights
    256,2,Float,pixel weights,385,1.259311e-06,7.769742e-08,2,ducc0 0.42.0 with healpy's weights
    256,0,Double,pixel weights,400,2.947901e-05,8.020327e-07,2,ducc0 0.42.0 with healpy's weights
    256,0,Float,pixel weights,400,2.947901e-05,8.021869e-07,2,ducc0 0.42.0 with healpy's weights
    256,2,Double,pixel weights,400,2.563472e-05,7.173046e-07,2,ducc0 0.42.0 with healpy's weights
    256,2,Float,pixel weights,400,2.563486e-05,7.172947e-07,2,ducc0 0.42.0 with healpy's weights
    256,0,Double,pixel weights,416,6.630694e-05,9.811952e-06,2,ducc0 0.42.0 with healpy's weights
    256,0,Float,pixel weights,416,6.630699e-05,9.811886e-06,2,ducc0 0.42.0 with healpy's weights
    256,2,Double,pixel weights,416,5.859462e-05,3.037150e-06,2,ducc0 0.42.0 with healpy's weights
    256,2,Float,pixel weights,416,5.859461e-05,3.037086e-06,2,ducc0 0.42.0 with healpy's weights
    256,0,Double,pixel weights,448,1.378898e-04,4.486826e-06,2,ducc0 0.42.0 with healpy's weights
    256,0,Float,pixel weights,448,1.378898e-04,4.486750e-06,2,ducc0 0.42.0 with healpy's weights
    256,2,Double,pixel weights,448,1.394276e-04,2.110217e-05,2,ducc0 0.42.0 with healpy's weights
    256,2,Float,pixel weights,448,1.394275e-04,2.110211e-05,2,ducc0 0.42.0 with healpy's weights
    256,0,Double,pixel weights,512,2.913103e-04,3.232730e-05,2,ducc0 0.42.0 with healpy's weights
    256,0,Float,pixel weights,512,2.913104e-04,3.232727e-05,2,ducc0 0.42.0 with healpy's weights
    256,2,Double,pixel weights,512,3.216662e-04,1.255702e-05,2,ducc0 0.42.0 with healpy's weights
    256,2,Float,pixel weights,512,3.216662e-04,1.255709e-05,2,ducc0 0.42.0 with healpy's weights
    256,0,Double,pixel weights,576,7.072011e-04,3.782036e-05,2,ducc0 0.42.0 with healpy's weights
    256,0,Float,pixel weights,576,7.072011e-04,3.782038e-05,2,ducc0 0.42.0 with healpy's weights
    256,2,Double,pixel weights,576,7.427262e-04,6.180549e-06,2,ducc0 0.42.0 with healpy's weights
    256,2,Float,pixel weights,576,7.427263e-04,6.180572e-06,2,ducc0 0.42.0 with healpy's weights
    256,0,Double,pixel weights,640,6.850610e-03,1.435008e-04,2,ducc0 0.42.0 with healpy's weights
    256,0,Float,pixel weights,640,6.850610e-03,1.435009e-04,2,ducc0 0.42.0 with healpy's weights
    256,2,Double,pixel weights,640,6.750942e-03,1.123593e-04,2,ducc0 0.42.0 with healpy's weights
    256,2,Float,pixel weights,640,6.750942e-03,1.123593e-04,2,ducc0 0.42.0 with healpy's weights
    256,0,Double,pixel weights,704,7.244739e-02,6.766834e-04,2,ducc0 0.42.0 with healpy's weights
    256,0,Float,pixel weights,704,7.244739e-02,6.766835e-04,2,ducc0 0.42.0 with healpy's weights
    256,2,Double,pixel weights,704,7.160442e-02,8.296627e-04,2,ducc0 0.42.0 with healpy's weights
    256,2,Float,pixel weights,704,7.160443e-02,8.296628e-04,2,ducc0 0.42.0 with healpy's weights
    256,0,Double,pixel weights,767,1.477336e-01,4.227505e-05,2,ducc0 0.42.0 with healpy's weights
    256,0,Float,pixel weights,767,1.477336e-01,4.227490e-05,2,ducc0 0.42.0 with healpy's weights
    256,2,Double,pixel weights,767,1.480645e-01,3.796566e-04,2,ducc0 0.42.0 with healpy's weights
    256,2,Float,pixel weights,767,1.480645e-01,3.796565e-04,2,ducc0 0.42.0 with healpy's weights
    512,0,Double,pixel weights,256,3.607492e-14,1.816535e-15,3,ducc0 0.42.0 with healpy's weights
    512,0,Float,pixel weights,256,4.672611e-08,9.592340e-11,3,ducc0 0.42.0 with healpy's weights
    512,2,Double,pixel weights,256,2.940243e-14,5.123187e-16,3,ducc0 0.42.0 with healpy's weights
    512,2,Float,pixel weights,256,5.631247e-08,8.513834e-11,3,ducc0 0.42.0 with healpy's weights
    512,0,Double,pixel weights,384,5.919563e-14,8.310587e-15,2,ducc0 0.42.0 with healpy's weights
    512,0,Float,pixel weights,384,4.744888e-08,1.338513e-10,2,ducc0 0.42.0 with healpy's weights
    512,2,Double,pixel weights,384,5.643557e-14,6.309102e-15,2,ducc0 0.42.0 with healpy's weights
    512,2,Float,pixel weights,384,5.667323e-08,1.632517e-11,2,ducc0 0.42.0 with healpy's weights
    512,0,Double,pixel weights,512,1.499455e-13,1.449720e-14,2,ducc0 0.42.0 with healpy's weights
    512,0,Float,pixel weights,512,4.855118e-08,1.526172e-11,2,ducc0 0.42.0 with healpy's weights
    512,2,Double,pixel weights,512,1.537220e-13,9.737516e-15,2,ducc0 0.42.0 with healpy's weights
    512,2,Float,pixel weights,512,4.867030e-08,5.671540e-11,2,ducc0 0.42.0 with healpy's weights
    512,0,Double,pixel weights,640,1.401467e-12,3.334134e-15,2,ducc0 0.42.0 with healpy's weights
    512,0,Float,pixel weights,640,4.995430e-08,4.245080e-11,2,ducc0 0.42.0 with healpy's weights
    512,2,Double,pixel weights,640,1.379143e-12,1.314924e-14,2,ducc0 0.42.0 with healpy's weights
    512,2,Float,pixel weights,640,5.009960e-08,3.618761e-11,2,ducc0 0.42.0 with healpy's weights
    512,0,Double,pixel weights,768,3.647476e-12,1.076825e-14,2,ducc0 0.42.0 with healpy's weights
    512,0,Float,pixel weights,768,5.145375e-08,2.009159e-12,2,ducc0 0.42.0 with healpy's weights
    512,2,Double,pixel weights,768,3.626766e-12,6.310739e-15,2,ducc0 0.42.0 with healpy's weights
    512,2,Float,pixel weights,768,5.158871e-08,3.525350e-11,2,ducc0 0.42.0 with healpy's weights
    512,0,Double,pixel weights,769,1.884630e-07,1.452418e-08,2,ducc0 0.42.0 with healpy's weights
    512,0,Float,pixel weights,769,1.954252e-07,1.399257e-08,2,ducc0 0.42.0 with healpy's weights
    512,2,Double,pixel weights,769,2.377939e-07,9.881784e-09,2,ducc0 0.42.0 with healpy's weights
    512,2,Float,pixel weights,769,2.433592e-07,9.645760e-09,2,ducc0 0.42.0 with healpy's weights
    512,0,Double,pixel weights,800,1.588677e-05,2.697842e-06,2,ducc0 0.42.0 with healpy's weights
    512,0,Float,pixel weights,800,1.588691e-05,2.697868e-06,2,ducc0 0.42.0 with healpy's weights
    512,2,Double,pixel weights,800,1.342292e-05,7.366014e-08,2,ducc0 0.42.0 with healpy's weights
    512,2,Float,pixel weights,800,1.342310e-05,7.367172e-08,2,ducc0 0.42.0 with healpy's weights
    512,0,Double,pixel weights,832,3.218060e-05,7.822282e-07,2,ducc0 0.42.0 with healpy's weights
    512,0,Float,pixel weights,832,3.218068e-05,7.822666e-07,2,ducc0 0.42.0 with healpy's weights
    512,2,Double,pixel weights,832,3.341848e-05,3.035275e-06,2,ducc0 0.42.0 with healpy's weights
    512,2,Float,pixel weights,832,3.341852e-05,3.035244e-06,2,ducc0 0.42.0 with healpy's weights
    512,0,Double,pixel weights,896,7.715446e-05,6.348826e-06,2,ducc0 0.42.0 with healpy's weights
    512,0,Float,pixel weights,896,7.715447e-05,6.348762e-06,2,ducc0 0.42.0 with healpy's weights
    512,2,Double,pixel weights,896,7.669666e-05,3.470024e-06,2,ducc0 0.42.0 with healpy's weights
    512,2,Float,pixel weights,896,7.669667e-05,3.470052e-06,2,ducc0 0.42.0 with healpy's weights
    512,0,Double,pixel weights,1024,2.069382e-04,2.085440e-05,2,ducc0 0.42.0 with healpy's weights
    512,0,Float,pixel weights,1024,2.069382e-04,2.085441e-05,2,ducc0 0.42.0 with healpy's weights
    512,2,Double,pixel weights,1024,1.865757e-04,9.136198e-06,2,ducc0 0.42.0 with healpy's weights
    512,2,Float,pixel weights,1024,1.865757e-04,9.136146e-06,2,ducc0 0.42.0 with healpy's weights
    512,0,Double,pixel weights,1152,3.304060e-04,2.734306e-07,2,ducc0 0.42.0 with healpy's weights
    512,0,Float,pixel weights,1152,3.304060e-04,2.733914e-07,2,ducc0 0.42.0 with healpy's weights
    512,2,Double,pixel weights,1152,3.819965e-04,4.831267e-05,2,ducc0 0.42.0 with healpy's weights
    512,2,Float,pixel weights,1152,3.819965e-04,4.831264e-05,2,ducc0 0.42.0 with healpy's weights
    512,0,Double,pixel weights,1280,5.896362e-03,1.485592e-05,2,ducc0 0.42.0 with healpy's weights
    512,0,Float,pixel weights,1280,5.896362e-03,1.485593e-05,2,ducc0 0.42.0 with healpy's weights
    512,2,Double,pixel weights,1280,5.904258e-03,9.111599e-06,2,ducc0 0.42.0 with healpy's weights
    512,2,Float,pixel weights,1280,5.904258e-03,9.111592e-06,2,ducc0 0.42.0 with healpy's weights
    512,0,Double,pixel weights,1408,7.092609e-02,3.383111e-04,2,ducc0 0.42.0 with healpy's weights
    512,0,Float,pixel weights,1408,7.092609e-02,3.383111e-04,2,ducc0 0.42.0 with healpy's weights
    512,2,Double,pixel weights,1408,7.080685e-02,1.395617e-04,2,ducc0 0.42.0 with healpy's weights
    512,2,Float,pixel weights,1408,7.080686e-02,1.395618e-04,2,ducc0 0.42.0 with healpy's weights
    512,0,Double,pixel weights,1535,1.474255e-01,2.649588e-04,2,ducc0 0.42.0 with healpy's weights
    512,0,Float,pixel weights,1535,1.474255e-01,2.649589e-04,2,ducc0 0.42.0 with healpy's weights
    512,2,Double,pixel weights,1535,1.476547e-01,2.246125e-04,2,ducc0 0.42.0 with healpy's weights
    512,2,Float,pixel weights,1535,1.476547e-01,2.246125e-04,2,ducc0 0.42.0 with healpy's weights
    """
}
